// A simulated provider as a whole: it listens for texts, and calls its client.
#pragma once

#include "sdk/simulator/dialer.hpp"
#include "sdk/simulator/http/provider.hpp"
#include "sdk/simulator/server.hpp"

#include <boost/asio/ssl/context.hpp>

#include <deque>
#include <memory>
#include <optional>

namespace posthorn::simulator::http {

class server : public simulator::server {
public:
    /// Listens at once. Throws std::runtime_error when a port, log, certificate or socket cannot
    /// be had.
    server(boost::asio::io_context& io, std::unique_ptr<provider> whose);

private:
    std::shared_ptr<link> make_link(boost::asio::ip::tcp::socket socket,
                                    link::gone_handler gone) override;
    void stopping() override;
    void call_back();

    provider& provider_;
    std::optional<boost::asio::ssl::context> tls_; // with --tls-cert
    std::deque<dialer> dialers_;                   // one for each connection that calls
};

template <class Provider>
class server_of final : public server {
public:
    template <class Options>
    server_of(boost::asio::io_context& io, const Options& chosen)
        : server(io, std::make_unique<Provider>(io, chosen)) {}
};

} // namespace posthorn::simulator::http

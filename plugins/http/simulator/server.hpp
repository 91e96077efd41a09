// The simulated provider as a whole: it listens for texts, and calls its client.
#pragma once

#include "http/simulator/provider.hpp"
#include "sdk/simulator/dialer.hpp"
#include "sdk/simulator/server.hpp"

#include <boost/asio/ssl/context.hpp>

#include <deque>
#include <memory>
#include <optional>

namespace posthorn::http::simulator {

class server final : public posthorn::simulator::server {
public:
    /// Listens at once. Throws std::runtime_error when a port, log, certificate or socket cannot
    /// be had.
    server(boost::asio::io_context& io, const options& chosen);

private:
    using link = posthorn::simulator::link;

    std::shared_ptr<link> make_link(boost::asio::ip::tcp::socket socket,
                                    link::gone_handler gone) override;
    void stopping() override;
    void call_back();

    provider& provider_;
    std::optional<boost::asio::ssl::context> tls_;    // with --tls-cert
    std::deque<posthorn::simulator::dialer> dialers_; // one for each connection that calls
};

} // namespace posthorn::http::simulator

// The simulated message centre as a whole.
#pragma once

#include "sdk/simulator/server.hpp"
#include "smpp/simulator/message_centre.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <optional>

namespace posthorn::smpp::simulator {

using posthorn::simulator::link;

class server final : public posthorn::simulator::server {
public:
    /// Listens at once. Throws std::runtime_error when a port, log, certificate or socket cannot
    /// be had.
    server(boost::asio::io_context& io, const options& chosen);

private:
    server(boost::asio::io_context& io, const options& chosen,
           std::unique_ptr<message_centre> whose);
    std::shared_ptr<link> make_link(boost::asio::ip::tcp::socket socket,
                                    link::gone_handler gone) override;

    message_centre& centre_;
    std::optional<boost::asio::ssl::context> tls_; // with --tls-cert
};

} // namespace posthorn::smpp::simulator

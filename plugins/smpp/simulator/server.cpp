// `posthorn-sim smpp`: see options.cpp for what it can be told.
#include "smpp/simulator/server.hpp"

#include "smpp/simulator/session.hpp"

#include <stdexcept>

namespace posthorn::smpp::simulator {

namespace asio = boost::asio;

server::server(asio::io_context& io, const options& chosen)
    : server(io, chosen, std::make_unique<message_centre>(io, chosen)) {}

server::server(asio::io_context& io, const options& chosen, std::unique_ptr<message_centre> whose)
    : posthorn::simulator::server(io, std::move(whose)),
      centre_(static_cast<message_centre&>(shared())) {
    if (!chosen.tls_cert.empty())
        use_certificate(chosen);
}

std::shared_ptr<link> server::make_link(asio::ip::tcp::socket socket, link::gone_handler gone) {
    return std::make_shared<session>(std::move(socket), tls_ ? &*tls_ : nullptr, centre_,
                                     std::move(gone));
}

void server::use_certificate(const options& o) {
    try {
        tls_.emplace(asio::ssl::context::tls_server);
        tls_->use_certificate_chain_file(o.tls_cert);
        tls_->use_private_key_file(o.tls_key.empty() ? o.tls_cert : o.tls_key,
                                   asio::ssl::context::pem);
        if (o.tls_client_ca.empty())
            return;
        tls_->load_verify_file(o.tls_client_ca);
        tls_->set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
    } catch (const std::exception& e) {
        throw std::runtime_error("cannot use --tls-cert, --tls-key or --tls-client-ca: " +
                                 std::string(e.what()));
    }
}

} // namespace posthorn::smpp::simulator

extern "C" int posthorn_simulator_smpp(int argc, char** argv) {
    using namespace posthorn::smpp::simulator;
    return posthorn::simulator::run<server>("smpp", read_command_line(argc, argv));
}

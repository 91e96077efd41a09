#include "sdk/simulator/certificate.hpp"

#include <CLI/CLI.hpp>

#include <stdexcept>

namespace posthorn::simulator {

namespace ssl = boost::asio::ssl;

void add_certificate(CLI::App& app, certificate& to) {
    app.add_option("--tls-cert", to.file, "Speak TLS with this certificate (PEM)")
        ->type_name("FILE");
    app.add_option("--tls-key", to.key, "Its key (default: in the same file)")->type_name("FILE");
    app.add_option("--tls-client-ca", to.client_ca, "Ask clients for a certificate of this CA")
        ->type_name("FILE");
}

std::optional<ssl::context> context_of(const certificate& files) {
    std::optional<ssl::context> tls;
    if (files.file.empty())
        return tls;
    try {
        tls.emplace(ssl::context::tls_server);
        tls->use_certificate_chain_file(files.file);
        tls->use_private_key_file(files.key.empty() ? files.file : files.key, ssl::context::pem);
        if (files.client_ca.empty())
            return tls;
        tls->load_verify_file(files.client_ca);
        tls->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
        return tls;
    } catch (const std::exception& e) {
        throw std::runtime_error("cannot use --tls-cert, --tls-key or --tls-client-ca: " +
                                 std::string(e.what()));
    }
}

} // namespace posthorn::simulator

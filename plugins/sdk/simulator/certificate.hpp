// TLS of a simulated carrier: the words of the command line, and what comes of them.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace posthorn::simulator {

struct certificate {
    std::string file, key, client_ca; // PEM files; no certificate: no TLS
};

void add_certificate(CLI::App& app, certificate& to);

/// Nothing without a certificate; throws std::runtime_error when it cannot be used.
std::optional<boost::asio::ssl::context> context_of(const certificate& files);

} // namespace posthorn::simulator

// TLS towards a carrier: what an account asks for, and what a certificate says.
#pragma once

#include "sdk/unit.hpp"
#include "smpp/adapter/configuration.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <optional>
#include <string>

namespace posthorn::smpp {

using tls_context = std::shared_ptr<boost::asio::ssl::context>;
using tls_stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

// By the account's CA, certificate and key. Throws std::runtime_error that names the option.
tls_context make_tls(const configuration& settings);

// Whether the octets to this address are to be encrypted.
bool wants_tls(const configuration& settings, const boost::asio::ip::address& to);

// A client's stream over `socket` that verifies the carrier's name (before the handshake).
std::unique_ptr<tls_stream> make_stream(boost::asio::ip::tcp::socket& socket,
                                        boost::asio::ssl::context& by,
                                        const configuration& settings);

// After the handshake: until when the carrier's certificate holds.
std::optional<sdk::instant> certificate_end(tls_stream& stream);

// Why a handshake failed, for a person.
std::string handshake_failure(const boost::system::error_code& error, tls_stream& stream,
                              const configuration& settings);

} // namespace posthorn::smpp

#include "api/web.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <stdexcept>

namespace posthorn::api {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

tcp::acceptor listen_on(const asio::any_io_executor& executor,
                        const settings::http_settings& http) {
    const tcp::endpoint at(asio::ip::make_address(http.address), http.port);
    tcp::acceptor out(executor);
    error_code ec;
    out.open(at.protocol(), ec);
    if (!ec)
        out.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec)
        out.bind(at, ec);
    if (!ec)
        out.listen(asio::socket_base::max_listen_connections, ec);
    if (ec)
        throw std::runtime_error("http: cannot listen on " + http.address + ":" +
                                 std::to_string(http.port) + ": " + ec.message() +
                                 ": change `listen:` under `http:`");
    return out;
}

std::optional<asio::ssl::context> tls_of(const settings::http_settings& http) {
    if (http.certificate.empty())
        return std::nullopt;
    asio::ssl::context out(asio::ssl::context::tls_server);
    SSL_CTX_set_min_proto_version(out.native_handle(), TLS1_2_VERSION);
    // a client that renegotiates makes us work for nothing
    SSL_CTX_set_options(out.native_handle(), SSL_OP_NO_RENEGOTIATION);
    error_code ec;
    out.use_certificate_chain_file(http.certificate.string(), ec);
    if (ec)
        throw std::runtime_error("http: " + http.certificate.string() +
                                 ": is no certificate in PEM form: " + ec.message());
    out.use_private_key_file(http.key.string(), asio::ssl::context::pem, ec);
    if (ec)
        throw std::runtime_error(
            "http: " + http.key.string() +
            ": is not the PEM key of that certificate, or cannot be read: " + ec.message());
    return out;
}

bool doorkeeper::let_in(const std::string& address) {
    if (inside_ >= most_)
        return false;
    auto& here = by_address_[address];
    if (here >= most_of_one_)
        return false;
    ++here;
    ++inside_;
    return true;
}

void doorkeeper::gone(const std::string& address) {
    const auto found = by_address_.find(address);
    if (found == by_address_.end())
        return;
    --inside_;
    if (--found->second == 0)
        by_address_.erase(found);
}

bool pacer::may(const std::string& token, instant now) {
    constexpr std::int64_t one = 1'000'000;
    const auto full = per_second_ * one;
    auto [found, fresh] = buckets_.try_emplace(token, bucket{full, now});
    auto& b = found->second;
    const auto passed = std::clamp<std::int64_t>((now - b.at).count(), 0, one);
    b.micros = std::min(full, b.micros + passed * per_second_);
    b.at = now;
    if (b.micros < one)
        return false;
    b.micros -= one;
    return true;
}

} // namespace posthorn::api

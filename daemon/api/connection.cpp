#include "api/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include <array>

namespace posthorn::api {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto write_limit = std::chrono::seconds(5);
constexpr auto handshake_limit = std::chrono::seconds(10);
constexpr std::size_t at_a_time = 16 << 10;
constexpr std::size_t lingered_for = 256 << 10; // octets of an unwanted body

} // namespace

struct connection::encryption {
    boost::beast::ssl_stream<stream&> over;
};

connection::connection(asio::generic::stream_protocol::socket link, caller by, std::string from)
    : who(std::move(by)), address(std::move(from)), link_(std::move(link)) {}

connection::~connection() = default;

asio::awaitable<bool> connection::encrypt(asio::ssl::context& tls) {
    expires_after(handshake_limit);
    auto all = std::make_unique<encryption>(boost::beast::ssl_stream<stream&>(link_, tls));
    auto [ec] = co_await all->over.async_handshake(asio::ssl::stream_base::server,
                                                   asio::as_tuple(asio::use_awaitable));
    if (ec)
        co_return false;
    tls_ = std::move(all);
    co_return true;
}

asio::awaitable<void> connection::end_encryption() {
    expires_after(write_limit);
    co_await tls_->over.async_shutdown(asio::as_tuple(asio::use_awaitable));
}

asio::awaitable<error_code> connection::read() {
    const auto room = unread.prepare(at_a_time);
    error_code failed;
    std::size_t size = 0;
    if (tls_)
        std::tie(failed, size) =
            co_await tls_->over.async_read_some(room, asio::as_tuple(asio::use_awaitable));
    else
        std::tie(failed, size) =
            co_await link_.async_read_some(room, asio::as_tuple(asio::use_awaitable));
    unread.commit(size);
    co_return failed;
}

asio::awaitable<void> connection::write(std::string_view octets) {
    expires_after(write_limit);
    const auto all = asio::buffer(octets.data(), octets.size());
    if (tls_)
        co_await asio::async_write(tls_->over, all, asio::use_awaitable);
    else
        co_await asio::async_write(link_, all, asio::use_awaitable);
}

void connection::write_at_once(std::string_view octets) {
    error_code ignored;
    auto& socket = link_.socket();
    socket.non_blocking(true, ignored);
    socket.send(asio::buffer(octets.data(), octets.size()), 0, ignored);
}

asio::awaitable<void> connection::linger() {
    error_code ignored;
    link_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
    std::array<char, 4096> unwanted{};
    link_.expires_after(std::chrono::seconds(1));
    for (std::size_t read = 0; read < lingered_for;) {
        auto [ec, size] = co_await link_.async_read_some(asio::buffer(unwanted),
                                                         asio::as_tuple(asio::use_awaitable));
        if (ec)
            break;
        read += size;
    }
}

} // namespace posthorn::api

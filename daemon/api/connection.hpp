// One connection of a client: octets in and out, through TLS or not. On the loop's thread.
#pragma once

#include "api/answer.hpp"
#include "model/time.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace posthorn::api {

class connection {
public:
    connection(boost::asio::generic::stream_protocol::socket link, caller by, std::string from);
    ~connection();

    const caller who;
    const std::string address; // of the network; empty: the Unix socket
    bool idle = true;          // waiting for a request
    boost::beast::flat_buffer unread;

    bool near() const { return address.empty(); } // the Unix socket

    // For read(), from now on until it says otherwise: what takes longer fails. The others have
    // limits of their own.
    void expires_after(duration limit) { link_.expires_after(limit); }
    void expires_never() { link_.expires_never(); }

    boost::asio::awaitable<bool> encrypt(boost::asio::ssl::context& tls); // false: it is no use
    boost::asio::awaitable<void> end_encryption();
    // More octets into `unread`.
    boost::asio::awaitable<boost::system::error_code> read();
    // All of them; throws boost::system::system_error.
    boost::asio::awaitable<void> write(std::string_view octets);
    // As far as the socket takes it at once; never through TLS.
    void write_at_once(std::string_view octets);
    // A client that still sends what nobody reads would lose our answer when we close.
    boost::asio::awaitable<void> linger();
    void close() { link_.close(); }

private:
    struct encryption;
    using stream = boost::beast::basic_stream<boost::asio::generic::stream_protocol,
                                              boost::asio::any_io_executor>;
    stream link_;
    std::unique_ptr<encryption> tls_; // null: plain
};

} // namespace posthorn::api

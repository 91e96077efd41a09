// The client's side of the API for tests: octets go out as they are, answers are read whole.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string>
#include <string_view>

template <class Protocol>
class test_client {
public:
    using response = boost::beast::http::response<boost::beast::http::string_body>;

    explicit test_client(const typename Protocol::endpoint& to) : socket_(loop_) {
        socket_.connect(to);
    }
    void write(std::string_view octets) {
        boost::asio::write(socket_, boost::asio::buffer(octets));
    }
    response read_response() {
        response got;
        boost::beast::http::read(socket_, buffer_, got);
        return got;
    }
    std::string read_some() { // empty: closed
        std::string out(4096, '\0');
        boost::system::error_code ec;
        out.resize(socket_.read_some(boost::asio::buffer(out), ec));
        return out;
    }
    // Whether the other side has closed.
    bool closed() {
        char octet = 0;
        boost::system::error_code ec;
        socket_.read_some(boost::asio::buffer(&octet, 1), ec);
        return ec.failed();
    }

protected:
    boost::asio::io_context loop_;
    typename Protocol::socket socket_;
    boost::beast::flat_buffer buffer_;
};

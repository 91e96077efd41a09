#include "sdk/simulator/dialer.hpp"

#include <boost/asio/connect.hpp>

namespace posthorn::simulator {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds pause_between{500};

} // namespace

dialer::dialer(asio::io_context& io, std::string host, std::string port, taker connected)
    : resolver_(io), socket_(io), pause_(io), host_(std::move(host)), port_(std::move(port)),
      connected_(std::move(connected)) {}

void dialer::dial() {
    resolver_.async_resolve(host_, port_, [this](error_code error, const auto& found) {
        if (stopped_)
            return;
        if (error)
            return again();
        asio::async_connect(socket_, found, [this](error_code refused, const tcp::endpoint&) {
            if (stopped_)
                return;
            if (refused)
                return again();
            connected_(std::move(socket_));
        });
    });
}

void dialer::again() {
    if (stopped_)
        return;
    pause_.expires_after(pause_between);
    pause_.async_wait([this](error_code error) {
        if (!error && !stopped_)
            dial();
    });
}

void dialer::stop() {
    stopped_ = true;
    error_code ignored; // going anyway
    resolver_.cancel();
    socket_.close(ignored);
    pause_.cancel();
}

} // namespace posthorn::simulator

// Keeps one connection to a client's listener, for receipts and texts from phones.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <string>

namespace posthorn::simulator {

class dialer {
public:
    using taker = std::function<void(boost::asio::ip::tcp::socket)>;

    /// `connected` gets each connection; the owner calls again() when it has ended.
    dialer(boost::asio::io_context& io, std::string host, std::string port, taker connected);
    dialer(const dialer&) = delete;
    dialer& operator=(const dialer&) = delete;

    void dial();
    void again();
    void stop();

private:
    boost::asio::ip::tcp::resolver resolver_;
    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer pause_;
    std::string host_, port_;
    taker connected_;
    bool stopped_ = false;
};

} // namespace posthorn::simulator

// The control socket: a line in, a line out, over a Unix socket.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

namespace posthorn::simulator {

class control {
public:
    using handler = std::function<std::string(std::string_view line)>;

    /// Listens on `path`; a socket left there by a former run is replaced. Throws
    /// std::runtime_error.
    control(boost::asio::io_context& io, std::string path, handler answer);
    ~control();
    control(const control&) = delete;
    control& operator=(const control&) = delete;

    void close();

private:
    struct peer;

    void accept();
    void accept_again_later();
    void read_line(const std::shared_ptr<peer>& who);
    void on_line(const std::shared_ptr<peer>& who, std::size_t size);

    std::string path_;
    handler answer_;
    boost::asio::local::stream_protocol::acceptor acceptor_;
    boost::asio::steady_timer accept_timer_;
    std::unordered_set<std::shared_ptr<peer>> peers_;
    bool closed_ = false;
};

} // namespace posthorn::simulator

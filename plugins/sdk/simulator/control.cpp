#include "sdk/simulator/control.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <stdexcept>

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace posthorn::simulator {

namespace asio = boost::asio;
using boost::system::error_code;
using socket_type = asio::local::stream_protocol;

namespace {

constexpr std::size_t longest_line = 64 * 1024;

void remove_stale_socket(const std::string& path) {
    struct stat about {};
    if (::lstat(path.c_str(), &about) == 0 && S_ISSOCK(about.st_mode))
        ::unlink(path.c_str()); // if that fails, bind() says why
}

} // namespace

struct control::peer {
    explicit peer(socket_type::socket s) : socket(std::move(s)) {}
    socket_type::socket socket;
    std::string in, out;
};

control::control(asio::io_context& io, std::string path, handler answer)
    : path_(std::move(path)), answer_(std::move(answer)), acceptor_(io), accept_timer_(io) {
    remove_stale_socket(path_);
    error_code error;
    if (path_.size() < sizeof(sockaddr_un::sun_path)) {
        const socket_type::endpoint where(path_);
        acceptor_.open(where.protocol(), error);
        if (!error)
            acceptor_.bind(where, error);
        if (!error)
            acceptor_.listen(asio::socket_base::max_listen_connections, error);
    } else {
        error = asio::error::name_too_long;
    }
    if (error)
        throw std::runtime_error("cannot take commands on " + path_ + ": " + error.message());
    accept();
}

control::~control() { close(); }

void control::close() {
    if (closed_)
        return;
    closed_ = true;
    error_code ignored; // going anyway
    acceptor_.close(ignored);
    accept_timer_.cancel();
    for (const auto& who : peers_)
        who->socket.close(ignored);
    ::unlink(path_.c_str());
}

void control::accept() {
    acceptor_.async_accept([this](error_code error, socket_type::socket socket) {
        if (closed_)
            return;
        if (error) { // out of descriptors, most likely: the next one may work
            accept_again_later();
            return;
        }
        const auto who = std::make_shared<peer>(std::move(socket));
        peers_.insert(who);
        read_line(who);
        accept();
    });
}

void control::accept_again_later() {
    accept_timer_.expires_after(std::chrono::milliseconds(100));
    accept_timer_.async_wait([this](error_code error) {
        if (!error && !closed_)
            accept();
    });
}

void control::read_line(const std::shared_ptr<peer>& who) {
    asio::async_read_until(who->socket, asio::dynamic_buffer(who->in, longest_line), '\n',
                           [this, who](error_code error, std::size_t size) {
                               if (closed_)
                                   return;
                               if (error)
                                   peers_.erase(who);
                               else
                                   on_line(who, size);
                           });
}

void control::on_line(const std::shared_ptr<peer>& who, std::size_t size) {
    std::string_view line(who->in.data(), size - 1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    who->out = answer_(line) + "\n";
    who->in.erase(0, size);
    asio::async_write(who->socket, asio::buffer(who->out),
                      [this, who](error_code error, std::size_t) {
                          if (closed_)
                              return;
                          if (error)
                              peers_.erase(who);
                          else
                              read_line(who);
                      });
}

} // namespace posthorn::simulator

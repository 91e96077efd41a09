// A simulated carrier on its own thread, and a blocking socket to meet it over loopback TCP.
#pragma once

#include "sdk/link/framer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <future>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace posthorn::simulated {

template <class Server, class Options>
class carrier {
public:
    explicit carrier(Options chosen = {}) : io_(1) {
        chosen.port = 0;
        server_.emplace(io_, chosen);
        port_ = server_->port();
        thread_ = std::thread([this] { io_.run(); });
    }
    ~carrier() { stop(); }
    carrier(const carrier&) = delete;
    carrier& operator=(const carrier&) = delete;

    std::uint16_t port() const { return port_; }

    void stop() {
        if (!thread_.joinable())
            return;
        boost::asio::post(io_, [this] { server_->stop(); });
        thread_.join();
    }
    std::string command(const std::string& line) {
        std::promise<std::string> answer;
        boost::asio::post(io_, [&] { answer.set_value(server_->command(line)); });
        return answer.get_future().get();
    }
    std::int64_t stat(const char* key) {
        const auto stats = boost::json::parse(command("stats"));
        return boost::json::value_to<std::int64_t>(stats.at(key));
    }
    /// Waits until a counter has come to `value`; false when it does not within ten seconds.
    bool comes_to(const char* key, std::int64_t value) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (stat(key) != value)
            if (std::chrono::steady_clock::now() > deadline)
                return false;
        return true;
    }

private:
    boost::asio::io_context io_;
    std::optional<Server> server_;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

/// What a listener's accept() gave.
struct accepted {
    int socket;
};

class connection {
public:
    explicit connection(accepted from) : socket_(from.socket) {
        const timeval patience{10, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    explicit connection(std::uint16_t port)
        : connection(accepted{::socket(AF_INET, SOCK_STREAM, 0)}) {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_port = htons(port);
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        sockaddr generic{};
        static_assert(sizeof generic == sizeof where);
        std::memcpy(&generic, &where, sizeof where);
        if (::connect(socket_, &generic, sizeof generic) != 0)
            throw std::runtime_error("cannot connect to the simulator");
    }
    ~connection() { hang_up(); }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void hang_up() {
        if (socket_ >= 0)
            ::close(std::exchange(socket_, -1));
    }
    void send(std::string_view octets) const {
        if (::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(octets.size()))
            throw std::runtime_error("cannot send");
    }
    /// How many octets came; 0 when the peer has closed or reset the link.
    std::size_t receive(std::span<char> room) const {
        const auto got = ::recv(socket_, room.data(), room.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            throw std::runtime_error("the simulator does not answer");
        return got < 0 ? 0 : static_cast<std::size_t>(got);
    }
    bool nothing_came() const {
        char octet = 0;
        return ::recv(socket_, &octet, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && errno == EAGAIN;
    }

private:
    int socket_;
};

/// The same, whole packet by packet.
class packet_stream : public connection {
public:
    template <class Where>
    packet_stream(Where where, const sdk::framer::shape& shape)
        : connection(where), framer_(shape) {}

    /// The octets of the next one, or none when the peer has closed or reset the link.
    std::string next_octets() {
        std::string_view whole;
        while (true) {
            const auto came = framer_.next(whole);
            if (came == sdk::framer::broken)
                throw std::runtime_error(framer_.problem());
            if (came == sdk::framer::pdu)
                return std::string(whole);
            const auto got = receive(framer_.prepare());
            if (got == 0)
                return {};
            framer_.commit(got);
        }
    }

private:
    sdk::framer framer_;
};

} // namespace posthorn::simulated

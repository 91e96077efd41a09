// The HTTP side of a comparison with a gateway that is spoken to over HTTP. One thread, poll(),
// IPv4 loopback, keep-alive, never more than one request unanswered on a connection.
//
//     http_load send PORT CONNECTIONS < FILE   each line of FILE is the target of one GET;
//                                              prints {"answered":n,"refused":n,"seconds":s}
//     http_load sink                           answers every GET with 200; prints "listening PORT"
//                                              first and {"requests":n} when it gets SIGTERM
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace {

constexpr std::string_view end_of_head = "\r\n\r\n";

[[noreturn]] void fail(const char* doing) {
    throw std::system_error(errno, std::generic_category(), doing);
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
}

void without_delay(int socket) {
    const int on = 1;
    if (setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        fail("setsockopt");
}

// Loopback takes a few hundred octets at once; what it does not take is a fault of this program.
void write_all(int socket, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
        if (written < 0)
            fail("send");
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

// False at the end of the stream.
bool read_more(int socket, std::string& into) {
    char some[16 * 1024];
    const auto size = ::recv(socket, some, sizeof some, 0);
    if (size > 0)
        into.append(some, static_cast<std::size_t>(size));
    return size > 0;
}

// Cuts one response off the front. 0 while it is not complete, else its status.
int take_response(std::string& input) {
    const auto head = input.find(end_of_head);
    if (head == std::string::npos)
        return 0;
    std::size_t body = 0;
    const auto length = input.find("Content-Length: ");
    if (length < head)
        std::from_chars(input.data() + length + 16, input.data() + head, body);
    const auto total = head + end_of_head.size() + body;
    if (input.size() < total)
        return 0;
    int status = 0;
    std::from_chars(input.data() + std::strlen("HTTP/1.1 "), input.data() + head, status);
    input.erase(0, total);
    return status;
}

struct connection {
    int socket = -1;
    std::string input;
    bool waiting = false; // for an answer
};

int connect_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto at = loopback(port);
    if (socket < 0 || ::connect(socket, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
        fail("connect");
    without_delay(socket);
    return socket;
}

// Puts the next line on the wire. False when there is none.
bool send_next(connection& on) {
    std::string line;
    on.waiting = static_cast<bool>(std::getline(std::cin, line));
    if (on.waiting)
        write_all(on.socket, "GET " + line + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    return on.waiting;
}

std::size_t in_flight(std::span<const connection> all) {
    std::size_t n = 0;
    for (const auto& one : all)
        n += one.waiting ? 1 : 0;
    return n;
}

int send_all(std::uint16_t port, std::size_t connections) {
    std::ios::sync_with_stdio(false);
    std::vector<connection> all(connections);
    std::vector<pollfd> ready;
    for (auto& one : all) {
        one.socket = connect_to(port);
        ready.push_back({.fd = one.socket, .events = POLLIN, .revents = 0});
    }
    std::size_t answered = 0, refused = 0;
    const auto began = std::chrono::steady_clock::now();
    for (auto& one : all)
        send_next(one);
    while (in_flight(all) > 0) {
        if (::poll(ready.data(), ready.size(), -1) < 0)
            fail("poll");
        for (std::size_t i = 0; i < all.size(); ++i) {
            auto& one = all[i];
            if (ready[i].revents == 0 || !one.waiting)
                continue;
            if (!read_more(one.socket, one.input))
                throw std::runtime_error("the server closed a connection");
            const int status = take_response(one.input);
            if (status == 0)
                continue;
            ++(status / 100 == 2 ? answered : refused);
            send_next(one);
        }
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf("{\"answered\":%zu,\"refused\":%zu,\"seconds\":%.3f}\n", answered, refused,
                took.count());
    return 0;
}

volatile std::sig_atomic_t stopped = 0;

// Answers every complete request in the input; how many there were.
std::size_t answer(connection& on) {
    std::size_t requests = 0, at = 0;
    for (std::size_t end = 0; (end = on.input.find(end_of_head, at)) != std::string::npos;
         at = end + end_of_head.size(), ++requests)
        write_all(on.socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    on.input.erase(0, at);
    return requests;
}

int sink() {
    struct sigaction at_end {};
    at_end.sa_handler = [](int) { stopped = 1; };
    sigaction(SIGTERM, &at_end, nullptr);

    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto at = loopback(0);
    socklen_t size = sizeof at;
    if (listener < 0 || ::bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 ||
        ::listen(listener, 128) != 0 ||
        ::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size) != 0)
        fail("listen");
    std::printf("listening %u\n", ntohs(at.sin_port));
    std::fflush(stdout);

    std::size_t requests = 0;
    std::vector<connection> all(1); // [0] stands for the listener
    std::vector<pollfd> ready{{.fd = listener, .events = POLLIN, .revents = 0}};
    while (stopped == 0) {
        if (::poll(ready.data(), ready.size(), 200) < 0 && errno != EINTR)
            fail("poll");
        for (std::size_t i = ready.size(); i-- > 1;) {
            if (ready[i].revents == 0)
                continue;
            ready[i].revents = 0;
            if (read_more(all[i].socket, all[i].input)) {
                requests += answer(all[i]);
                continue;
            }
            ::close(all[i].socket);
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
            ready.erase(ready.begin() + static_cast<std::ptrdiff_t>(i));
        }
        if (ready[0].revents == 0)
            continue;
        ready[0].revents = 0;
        const int peer = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (peer < 0)
            fail("accept");
        without_delay(peer);
        all.push_back({.socket = peer, .input = {}, .waiting = false});
        ready.push_back({.fd = peer, .events = POLLIN, .revents = 0});
    }
    std::printf("{\"requests\":%zu}\n", requests);
    return 0;
}

} // namespace

int main(int argc, char** argv) try {
    const std::span words(argv, static_cast<std::size_t>(argc));
    if (argc == 4 && std::string_view(words[1]) == "send")
        return send_all(static_cast<std::uint16_t>(std::stoi(words[2])), std::stoul(words[3]));
    if (argc == 2 && std::string_view(words[1]) == "sink")
        return sink();
    std::fputs("usage: http_load send PORT CONNECTIONS < FILE | http_load sink\n", stderr);
    return 2;
} catch (const std::exception& e) {
    std::fprintf(stderr, "http_load: %s\n", e.what());
    return 1;
}

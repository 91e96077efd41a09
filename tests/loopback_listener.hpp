// A listening socket on a free port of this machine, for the small servers of tests.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

class loopback_listener {
public:
    loopback_listener() {
        sockaddr_in at{};
        at.sin_family = AF_INET;
        at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(at);
        auto* address = reinterpret_cast<sockaddr*>(&at);
        REQUIRE(::bind(fd_, address, size) == 0);
        REQUIRE(::listen(fd_, 100) == 0);
        ::getsockname(fd_, address, &size);
        port_ = ntohs(at.sin_port);
    }
    ~loopback_listener() { ::close(fd_); }
    loopback_listener(const loopback_listener&) = delete;
    loopback_listener& operator=(const loopback_listener&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    int accept() { return ::accept(fd_, nullptr, nullptr); } // any thread; negative after stop()
    void stop() { ::shutdown(fd_, SHUT_RDWR); }

private:
    int fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    std::uint16_t port_ = 0;
};

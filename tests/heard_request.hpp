// What a client sends to a small HTTP server of a test.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <sys/socket.h>

struct heard_request {
    std::string head, body;

    // The next one on this connection; nothing when it ends before. One is read at a time: the
    // client waits for its answer.
    static std::optional<heard_request> on(int socket) {
        std::string got;
        char some[4096];
        for (ssize_t n = 0; (n = ::recv(socket, some, sizeof(some), 0)) > 0;) {
            got.append(some, static_cast<std::size_t>(n));
            const auto end = got.find("\r\n\r\n");
            if (end != std::string::npos && got.size() >= end + 4 + size_in(got.substr(0, end)))
                return heard_request{got.substr(0, end + 2), got.substr(end + 4)};
        }
        return std::nullopt;
    }

private:
    static std::size_t size_in(std::string_view head) {
        constexpr std::string_view name = "Content-Length: ";
        const auto at = head.find(name);
        return at == head.npos ? 0 : std::stoul(std::string(head.substr(at + name.size())));
    }
};

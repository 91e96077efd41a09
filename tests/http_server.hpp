// An HTTP server of the test's own, which says what it is told to say.
#pragma once

#include "heard_request.hpp"
#include "loopback_listener.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

class http_server {
public:
    // Gets the head of each request and how many came before; gives the octets of the answer. An
    // empty one: the connection is closed. `silent`: nothing is said until the end.
    using handler = std::function<std::string(const std::string& head, std::size_t before)>;
    static inline const std::string silent = "silent";

    static std::string with(int status, const std::string& body) {
        return "HTTP/1.1 " + std::to_string(status) +
               " x\r\nContent-Type: application/json\r\nContent-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    explicit http_server(handler answer) : answer_(std::move(answer)) {
        accepts_ = std::thread([this] { run(); });
    }
    ~http_server() {
        listener_.stop();
        accepts_.join();
        {
            const std::lock_guard lock(mutex_);
            for (const int c : open_)
                ::shutdown(c, SHUT_RDWR);
        }
        for (auto& t : serves_)
            t.join();
        for (const int c : open_)
            ::close(c);
    }
    http_server(const http_server&) = delete;
    http_server& operator=(const http_server&) = delete;

    std::string url() const { return listener_.url(); }
    std::size_t connections() const {
        const std::lock_guard lock(mutex_);
        return open_.size();
    }
    std::vector<std::string> heads() const {
        const std::lock_guard lock(mutex_);
        return heads_;
    }
    std::vector<std::string> bodies() const {
        const std::lock_guard lock(mutex_);
        return bodies_;
    }

private:
    void run() {
        for (int c = 0; (c = listener_.accept()) >= 0;) {
            const std::lock_guard lock(mutex_);
            open_.push_back(c); // closed at the end
            serves_.emplace_back([this, c] { serve(c); });
        }
    }
    void serve(int c) {
        while (const auto asked = heard_request::on(c)) {
            std::unique_lock lock(mutex_);
            const auto said = answer_(asked->head, heads_.size());
            heads_.push_back(asked->head);
            bodies_.push_back(asked->body);
            lock.unlock();
            if (said.empty()) {
                ::shutdown(c, SHUT_RDWR);
                return;
            }
            if (said != silent)
                ::send(c, said.data(), said.size(), MSG_NOSIGNAL);
        }
    }

    handler answer_;
    loopback_listener listener_;
    mutable std::mutex mutex_;
    std::vector<int> open_;
    std::vector<std::string> heads_, bodies_;
    std::vector<std::thread> serves_;
    std::thread accepts_;
};

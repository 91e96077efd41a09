// Tells sources by HTTP what became of their events, and what phones texted to them: whatever a
// result file says, once it is durable there, is posted to the source's own URL, signed, again and
// again until it is taken or `retry_for` is over.
//
//   teller ─► result/SOURCE.db (result_row, callback) ─► POST url ─2xx─► off the queue
//                              (inbox, inbox_callback)
//
// A key has at most one callback under way, always with its newest state, so a source never hears
// of an older state after a newer one; likewise a phone, whose texts are told in their order. What is
// refused waits alone, with its phone's later texts; when the endpoint itself is down, all wait. One
// thread for all sources.
#pragma once

#include "model/time.hpp"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace posthorn::feedback {

struct endpoint {
    std::string source;
    std::string url;
    std::string secret; // octets
    duration retry_for = std::chrono::hours(72);

    bool operator==(const endpoint&) const = default;
};

struct callback_settings {
    std::filesystem::path results; // folder
    std::vector<endpoint> endpoints;
    duration first_wait = std::chrono::seconds(5); // then twice as long, up to
    duration longest_wait = std::chrono::minutes(10);
    std::function<instant()> now;
    std::function<void(std::string_view what)> complain; // any thread
};

struct callback_figures {
    std::int64_t taken = 0, failed = 0, given_up = 0; // since start
    std::int64_t waiting = 0;                         // as of some seconds ago
};

class callbacks {
public:
    explicit callbacks(callback_settings settings);
    ~callbacks(); // stop()

    void start();
    void stop(); // what is under way is broken off, and comes again after the next start
    void told(); // results were written; any thread
    // Others from now on; what is under way is broken off as by stop(). Waits for the thread.
    void use(std::vector<endpoint> endpoints);
    callback_figures figures() const { return {taken_, failed_, given_up_, waiting_}; }

private:
    struct work;

    callback_settings settings_;
    std::unique_ptr<work> work_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::int64_t> taken_{0}, failed_{0}, given_up_{0}, waiting_{0};
    std::thread thread_;
};

} // namespace posthorn::feedback

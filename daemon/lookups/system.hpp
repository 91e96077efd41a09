// One of the utility's own systems, as the asker sees it; private to this room.
#pragma once

#include "lookups/answer.hpp"
#include "lookups/handler_choice.hpp"
#include "lookups/lookup.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace posthorn::lookups {

struct question {
    std::uint64_t id = 0;
    lookup_ptr of;
    std::vector<std::optional<std::string>> values; // of `takes`, in its order; none: NULL
    std::chrono::steady_clock::time_point deadline;
};

// Hears each answer, on the loop's thread, and not within system::ask(). One that comes for a
// question nobody waits for any more is ignored.
using answered = std::function<void(std::uint64_t id, answer a)>;

class system {
public:
    virtual ~system() = default;      // gives no more answers
    virtual void ask(question q) = 0; // the loop's thread; never blocks
};

struct system_place {
    settings::system_settings settings;
    boost::asio::any_io_executor loop;
    answered told;
    boost::asio::thread_pool* blocking = nullptr; // outlives the system; for what may take seconds
    handler_choice handler;                       // of a system that is one
};

std::unique_ptr<system> make_sqlite_system(system_place place);
std::unique_ptr<system> make_postgresql_system(system_place place);
std::unique_ptr<system> make_http_system(system_place place);
std::unique_ptr<system> make_handler_system(system_place place);

} // namespace posthorn::lookups

// Asks the utility's own systems, for whoever needs a row of theirs.
//
//   ask("balance", {account}) ─► queue ─► breaker ─► system: SQLite's threads, PostgreSQL's
//                  done(answer) ◄────────────────────┘       connections, HTTP, handlers
//
// A system is handed so many questions as its connections can deal with; the others queue, so that
// a rush makes nobody look ill. The lookup's timeout begins when its question is handed over.
//
// One thread: that of the loop. Nothing blocks it but the end of a system, for milliseconds.
#pragma once

#include "lookups/answer.hpp"
#include "lookups/handler_choice.hpp"
#include "lookups/lookup.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/json/object.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::lookups {

// Of one system, since it was first used.
struct system_figures {
    std::string name;
    std::int64_t asked = 0; // those the breaker kept back included
    std::int64_t answered = 0;
    std::array<std::int64_t, failure_names.size()> failed{}; // by kind
    duration took{};                                         // sum over answered and failed ones
    std::int64_t waiting = 0;                                // now, those in the queue included
    bool open = false;                                       // the breaker: it is left alone, now
};

struct asker_settings {
    boost::asio::any_io_executor loop;
    // For the breaker's pauses; limits are kept by real time.
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
    duration longest_queued = std::chrono::seconds(30); // then it ends as `timeout`, unasked
};

class asker {
public:
    using callback = std::function<void(answer)>;

    explicit asker(asker_settings settings);
    ~asker(); // stop(); who still waits hears nothing more
    asker(const asker&) = delete;
    asker& operator=(const asker&) = delete;

    // What may be asked from now on. Systems whose settings did not change keep their connections,
    // breaker and figures; questions under way end as they were asked.
    // `handlers`: one for each system of that kind.
    void use(std::vector<settings::system_settings> systems, catalogue lookups,
             handler_choices handlers = {});

    // `done` is posted to the loop, once. Parameters the lookup does not take are ignored; one that
    // is missing, or null, is NULL. Systems get them as texts.
    void ask(std::string_view lookup, const boost::json::object& parameters, callback done);

    // All questions under way end as failed, and so do later ones.
    void stop();

    std::vector<system_figures> figures() const;

private:
    struct work;
    std::shared_ptr<work> work_;
};

} // namespace posthorn::lookups

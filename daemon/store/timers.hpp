// What timers ask of the store: which steps are due, and which wait. Short bounded reads of live.db, on
// a connection of its own beside the writer. One thread at a time. Every call ends after two seconds at
// the latest, by throwing read_failed.
#pragma once

#include "store/reader.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::store {

struct timer_step { // that waits
    posthorn::id id = 0;
    std::string timer, type; // of the event that is made
    instant due_at{};
    name_id source_number = 0; // of the event that began it, as all that follows
    std::string source, subject;
    std::string began_type, began_key;
    std::string to_kind, to_ref, data;
    instant occurred_at{};
    std::string run;
};

struct step_query { // what is empty does not matter
    std::string source, subject, timer;
};

class timer_reader {
public:
    explicit timer_reader(std::filesystem::path live); // opens nothing yet
    ~timer_reader();

    // That are due by now, in the order of their times, of those behind this one.
    std::vector<timer_step> due(instant now, instant behind_due_at, posthorn::id behind,
                                std::size_t limit);
    // The next ones.
    std::vector<timer_step> waiting(const step_query& which, std::size_t limit);
    std::vector<timer_step> step(posthorn::id id); // none: it does not wait
    // How many steps of a timer wait; at most `most` are counted.
    std::int64_t waiting_of(std::string_view timer, std::int64_t most);

private:
    struct connection;

    std::filesystem::path live_;
    std::unique_ptr<connection> open_;
};

} // namespace posthorn::store

// Results and texts of phones that a source has yet to be told by callback: rows of its result file,
// written in the commit of what they tell. A connection of its own beside the teller's; one thread.
#pragma once

#include "store/results.hpp"

#include <filesystem>
#include <utility>
#include <variant>
#include <vector>

namespace posthorn::store {

struct due_callback {
    // As it is now; recipient left out. Or what a phone texted: nothing of that phone before it waits.
    std::variant<result_row, inbox_row> what;
    instant since{}; // waits so long
    instant due_at{};
    int tries = 0; // failed ones
};

// Those of a result and of a text may have the same number.
std::pair<bool, std::int64_t> name_of(const due_callback& c);

class callback_queue {
public:
    // Of a result file that is there.
    explicit callback_queue(const std::filesystem::path& file);

    // Those due, the longest waiting first.
    std::vector<due_callback> due(instant now, std::size_t limit);
    // It was told: off the queue, or due at once when there is a newer version of a result.
    void told(const due_callback& c, instant now);
    void failed(const due_callback& c, instant due_at);
    void give_up(const due_callback& c);
    std::int64_t waiting();

private:
    struct statements { // of one of the two queues
        statement due, failed, drop;
    };
    statements& of(const due_callback& c) {
        return std::holds_alternative<result_row>(c.what) ? results_ : inbox_;
    }

    SQLite::Database db_;
    statements results_, inbox_;
    statement told_, newer_, waiting_;
};

} // namespace posthorn::store

// Results that a source has yet to be told by callback: rows of its result file, written in the
// commit of the result. A connection of its own beside the teller's; one thread.
#pragma once

#include "store/results.hpp"

#include <filesystem>
#include <vector>

namespace posthorn::store {

struct due_callback {
    result_row row;  // as it is now; recipient left out
    instant since{}; // waits so long
    int tries = 0;   // failed ones
};

class callback_queue {
public:
    // Of a result file that is there.
    explicit callback_queue(const std::filesystem::path& file);

    // Those due, the longest waiting first.
    std::vector<due_callback> due(instant now, std::size_t limit);
    // This version was told: off the queue, or due at once when there is a newer one.
    void told(const result_row& row, instant now);
    void failed(std::int64_t outbox_id, instant due_at);
    void give_up(std::int64_t outbox_id);
    std::int64_t waiting();

private:
    SQLite::Database db_;
    statement due_, told_, newer_, failed_, give_up_, waiting_;
};

} // namespace posthorn::store

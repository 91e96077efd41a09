// What a result file has of events for many: each message, what they come to, and what of the event's
// own row follows from that. A row is written once a commit, however much of its event is told in it.
#pragma once

#include "model/many.hpp"
#include "store/result_rows.hpp"
#include "store/sqlite/connection.hpp"

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

namespace posthorn::store {

class many_results {
public:
    explicit many_results(SQLite::Database& db);

    void begin() { told_.clear(); } // with the file's transaction
    void put(const recipient_row& r);
    void put(const expansion_row& r);
    // Before the commit. `put_row`: that of an event which has none; `ended`: the row's outbox id.
    void write(instant now, const std::function<void(const result_row&)>& put_row,
               const std::function<void(std::int64_t)>& ended);
    // Of events whose row has gone; a few at a time, for one may have a million.
    void prune();

private:
    struct sum {
        result_row row; // of the event, as it was told
        bool has_row = false;
        many_messages all;
        std::int64_t told = 0, parts = 0, repeats = 0;
        std::optional<std::string> reason; // why no more were made
    };
    sum* sum_of(const result_row& of_event);
    void read_counts(sum& s);
    bool update(const sum& s, std::string_view state, instant now); // whether it has changed
    static result_row new_row(const sum& s, std::string_view state, instant now);
    std::optional<message_state> alike(std::int64_t row); // all its messages are

    SQLite::Database& db_;
    statement event_of_, counts_, put_counts_, known_, put_, put_sum_, put_reason_, states_;
    std::unordered_map<std::int64_t, sum> told_; // in this transaction, by outbox id
};

} // namespace posthorn::store

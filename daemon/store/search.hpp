// Looking for messages by what is known of them, in live.db and then month by month, the newest
// first; a page at a time, and never long.
//
//   parked ─► live.db ─► history/2026-11.db ─► history/2026-10.db ─► ...
//
// Within each place the newest comes first. A message that is in live.db and in a month is told of
// once, as live.db has it. One thread at a time; throws read_failed.
#pragma once

#include "store/reader.hpp"

namespace posthorn::store {

struct search_query { // empty: any
    std::string source;
    std::string type;
    std::string run;
    std::string number;       // E.164 without '+'; or an address
    std::string address = {}; // with a number: also what went to this
    std::optional<message_state> state;
    bool parked = false; // only events that are parked
    instant since{};     // when it was taken in; 0: from the beginning
    instant until{};     // 0: to the end
};

struct search_row {
    posthorn::event event; // without data
    posthorn::id message = 0;
    std::string state; // as name_of() spells it, or parked
    std::string reason;
    std::string recipient; // of the message; empty when parked
    instant final_at{};
};

struct search_page {
    std::vector<search_row> rows;
    std::string after;   // where the next page goes on; empty: this is all
    bool in_time = true; // false: looking took too long, and ended early at `after`
};

class search {
public:
    search(std::filesystem::path live, std::filesystem::path history);
    ~search();

    // `after`: of the page before. At most two seconds.
    search_page find(const search_query& query, std::string_view after, std::size_t limit);

private:
    struct looking;
    std::filesystem::path live_, history_;
};

} // namespace posthorn::store

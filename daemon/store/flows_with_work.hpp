// Which flows have messages in the queue. Inside the store only.
#pragma once

#include "store/sqlite/connection.hpp"
#include "store/store.hpp"

#include <limits>
#include <map>

namespace posthorn::store {

// And when the first of each is due. One seek per flow, however long it is: a place behind all of a
// flow's rows is looked for, because SQLite seeks the first of what equals a shorter row value, and
// goes through all of it from there.
inline std::map<flow_name, instant> flows_with_work(SQLite::Database& live) {
    statement next(live, "SELECT pool, priority, source, due_at FROM queue "
                         "WHERE (pool, priority, source, due_at) > (?,?,?,?) "
                         "ORDER BY pool, priority, source, due_at LIMIT 1");
    std::map<flow_name, instant> out;
    flow_name last{-1, priority::urgent, -1};
    constexpr auto behind = std::numeric_limits<std::int64_t>::max();
    while (next.bind(last.pool, last.priority, last.source, behind).row()) {
        last = {static_cast<name_id>(next.number(0)), static_cast<priority>(next.number(1)),
                static_cast<name_id>(next.number(2))};
        out[last] = next.time(3);
    }
    return out;
}

} // namespace posthorn::store

// How many messages of a flow wait in the queue and are due. Inside the store only.
#pragma once

#include "store/sqlite/connection.hpp"
#include "store/store.hpp"

#include <cstddef>

namespace posthorn::store {

class due_counter {
public:
    explicit due_counter(SQLite::Database& live)
        : rows_(live, "SELECT count(*) FROM (SELECT 1 FROM queue WHERE pool=? AND priority=? "
                      "AND source=? AND due_at<=? LIMIT ?)") {}

    // At most `most` are counted.
    std::size_t count(const flow_name& flow, instant now, std::size_t most) {
        rows_.bind(flow.pool, flow.priority, flow.source, now, most).row();
        const auto n = static_cast<std::size_t>(rows_.number(0));
        rows_.reset();
        return n;
    }

private:
    statement rows_;
};

} // namespace posthorn::store

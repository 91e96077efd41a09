// live.db as a first start makes it, in memory.
#pragma once

#include "store/sqlite/connection.hpp"
#include "store/sqlite/schema.hpp"

namespace live_db {

inline SQLite::Database empty_database() {
    auto db = posthorn::store::open_database(":memory:", posthorn::store::access::read_write);
    posthorn::store::migrate(db, ":memory:");
    return db;
}

} // namespace live_db

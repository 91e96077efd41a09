// history/YYYY-MM.db as those open it who look for something; with its index when it is sealed:
//
//   2026-10.db        all of it
//   2026-10.index     what finds messages in it, attached as `found`
#pragma once

#include "store/sqlite/connection.hpp"

namespace posthorn::store {

std::filesystem::path index_of(const std::filesystem::path& month);

// For those who copy into it, made where it is missing, with live.db attached as `live`.
SQLite::Database open_month(const std::filesystem::path& file, const std::filesystem::path& live);

struct month_file {
    month_file(const std::filesystem::path& file, int cache_kib);

    SQLite::Database db; // read only
    bool begun = false;  // false: it is just being made, and has no tables yet
    bool listed = false; // `copied` names all its messages
    bool sealed = false;
};

} // namespace posthorn::store

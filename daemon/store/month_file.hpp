// history/YYYY-MM.db as those open it who look for something; with its index when it is sealed:
//
//   2026-10.db        all of it
//   2026-10.index     what finds messages in it, attached as `found`
#pragma once

#include "model/id.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store {

std::filesystem::path index_of(const std::filesystem::path& month);

// Whether its messages know by which wording they were made: not in months of earlier releases that
// nothing is added to any more.
bool has_wording(SQLite::Database& month);

// For those who copy into it, made where it is missing, with live.db attached as `live`.
SQLite::Database open_month(const std::filesystem::path& file, const std::filesystem::path& live);

// For those who change what is in it. Never made anew: it may have been dropped. What is deleted is
// overwritten.
SQLite::Database open_for_change(const std::filesystem::path& file);

// Its index is surely gone before anything is in it that the index does not know. In the month's
// transaction.
void unseal(const std::filesystem::path& month);

// Of the messages in (after, last]: `copied` names those no more that are gone, or have lost their
// number. In the month's transaction.
void mend_copied(SQLite::Database& month, posthorn::id after, posthorn::id last);

struct month_file {
    month_file(const std::filesystem::path& file, int cache_kib);

    SQLite::Database db; // read only
    bool begun = false;  // false: it is just being made, and has no tables yet
    bool listed = false; // `copied` names all its messages
    bool sealed = false;
};

} // namespace posthorn::store

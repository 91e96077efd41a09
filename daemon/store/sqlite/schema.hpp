// The numbered schemas of live.db, applied once each (PRAGMA user_version).
#pragma once

#include "store/sqlite/connection.hpp"

namespace posthorn::store {

// Brings the file to this version's schema; throws when it is from a newer one or is not ours.
void migrate(SQLite::Database& db, const std::filesystem::path& file);

} // namespace posthorn::store

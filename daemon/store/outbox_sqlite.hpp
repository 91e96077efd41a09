// The little of SQLite's C interface that the outbox needs, with its exceptions. For outbox.cpp
// alone: a row must cost 2 us, so there are no column objects and no map of names.
#pragma once

#include "store/outbox.hpp"

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace posthorn::store::outbox_sqlite {

struct close_database {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
struct finish_statement {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};
using database = std::unique_ptr<sqlite3, close_database>;
using statement = std::unique_ptr<sqlite3_stmt, finish_statement>;

// Leaves no read lock behind, however the reading ends.
class reset_at_end {
public:
    explicit reset_at_end(sqlite3_stmt* s) : s_(s) {}
    ~reset_at_end() { sqlite3_reset(s_); }
    reset_at_end(const reset_at_end&) = delete;
    reset_at_end& operator=(const reset_at_end&) = delete;

private:
    sqlite3_stmt* s_;
};

// False when SQLite refuses; `db` is there to say why. `patience` must outlive the database.
bool open_existing(database& db, const std::filesystem::path& file,
                   std::chrono::milliseconds& patience);

// Why SQLite said no, for the person who set up the folder; follows the name of the file.
std::string advice_for(sqlite3* db);

// SQLite gives a new -wal its mode only after making it, and who opens it in between under another
// user may only read it from then on: opening the file again cures it.
class read_only : public outbox_failed {
public:
    using outbox_failed::outbox_failed;
};

// A value is larger than largest_value. It was not read.
class too_big : public outbox_failed {
public:
    using outbox_failed::outbox_failed;
};

inline constexpr int largest_value = 1 << 20; // octets

// These throw outbox_busy or outbox_failed, beginning with `doing`: "cannot be read".
statement prepare(sqlite3* db, const std::string& sql);
void run(sqlite3* db, const char* sql, const char* doing);
bool step(sqlite3_stmt* s, const char* doing);              // whether there is a row
std::int64_t number_of(sqlite3_stmt* s, const char* doing); // of the first row, or 0

// Whatever the value's type, as text.
std::string text_at(sqlite3_stmt* s, int column);

} // namespace posthorn::store::outbox_sqlite

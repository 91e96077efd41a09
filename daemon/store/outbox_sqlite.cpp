#include "store/outbox_sqlite.hpp"

#include <thread>

namespace posthorn::store::outbox_sqlite {

namespace {

constexpr std::chrono::microseconds busy_pause{300};

// SQLite's own handler backs off to sleeps of 100 ms, and its locks are not fair.
int wait_a_little(void* patience, int times) {
    if (busy_pause * times > *static_cast<std::chrono::milliseconds*>(patience))
        return 0;
    std::this_thread::sleep_for(busy_pause);
    return 1;
}

[[noreturn]] void raise(sqlite3* db, int code, const char* doing) {
    const std::string what = std::string(doing) + ": " + sqlite3_errmsg(db);
    const int primary = code & 0xFF;
    if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED)
        throw outbox_busy(what);
    if (primary == SQLITE_READONLY)
        throw read_only(what);
    if (primary == SQLITE_TOOBIG)
        throw too_big(what);
    throw outbox_failed(what);
}

} // namespace

bool open_existing(database& db, const std::filesystem::path& file,
                   std::chrono::milliseconds& patience) {
    sqlite3* made = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(), &made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    db.reset(made);
    if (code != SQLITE_OK)
        return false;
    sqlite3_busy_handler(made, wait_a_little, &patience);
    sqlite3_extended_result_codes(made, 1);
    sqlite3_limit(made, SQLITE_LIMIT_LENGTH, largest_value); // a row must not fill our memory
    return true;
}

// Why SQLite said no, as the person who set up the folder needs it.
std::string advice_for(sqlite3* db) {
    const std::string said = sqlite3_errmsg(db);
    switch (sqlite3_errcode(db) & 0xFF) {
    case SQLITE_NOTADB:
        return "is not a SQLite database";
    case SQLITE_CORRUPT:
        return "is damaged (" + said + "): restore it, or move it away and create a new one";
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
        return "cannot be opened (" + said +
               "): the daemon needs to read and write the file and its folder "
               "(chmod g+rw the file, chmod g+rwxs the folder)";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "is held by another process (" + said + ")";
    case SQLITE_ERROR:
        return "has no outbox table as in outbox.sql (" + said + "): apply outbox.sql to it";
    default:
        return "cannot be used (" + said + ")";
    }
}

statement prepare(sqlite3* db, const std::string& sql) {
    sqlite3_stmt* made = nullptr;
    const int code =
        sqlite3_prepare_v3(db, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK)
        raise(db, code, "cannot be read");
    return statement(made);
}

void run(sqlite3* db, const char* sql, const char* doing) {
    if (const int code = sqlite3_exec(db, sql, nullptr, nullptr, nullptr); code != SQLITE_OK)
        raise(db, code, doing);
}

bool step(sqlite3_stmt* s, const char* doing) {
    const int code = sqlite3_step(s);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        raise(sqlite3_db_handle(s), code, doing);
    return code == SQLITE_ROW;
}

std::int64_t number_of(sqlite3_stmt* s, const char* doing) {
    const reset_at_end after(s);
    return step(s, doing) ? sqlite3_column_int64(s, 0) : 0;
}

std::string text_at(sqlite3_stmt* s, int column) {
    const auto* octets = sqlite3_column_text(s, column);
    if (octets == nullptr)
        return {};
    return {reinterpret_cast<const char*>(octets),
            static_cast<std::size_t>(sqlite3_column_bytes(s, column))};
}

} // namespace posthorn::store::outbox_sqlite

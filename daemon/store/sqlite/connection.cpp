#include "store/sqlite/connection.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace posthorn::store {

namespace {

int nap_when_busy(void*, int times) {
    constexpr int most = 5'000'000 / 300; // 5 s
    if (times >= most)
        return 0;
    std::this_thread::sleep_for(std::chrono::microseconds(300));
    return 1;
}

int is_late(void* of) {
    const auto* deadline = static_cast<const std::chrono::steady_clock::time_point*>(of);
    return std::chrono::steady_clock::now() > *deadline ? 1 : 0;
}

} // namespace

void configure_sqlite() {
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
}

SQLite::Database open_database(const std::filesystem::path& file, access mode, int cache_kib) {
    const int flags = mode == access::read_only ? SQLite::OPEN_READONLY
                                                : SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE;
    SQLite::Database db(file.string(), flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI);
    sqlite3_busy_handler(db.getHandle(), nap_when_busy, nullptr);
    if (mode == access::read_write) {
        db.exec("PRAGMA page_size = 8192"); // of a new file
        db.exec("PRAGMA journal_mode = WAL");
        db.exec("PRAGMA synchronous = FULL");
        db.exec("PRAGMA wal_autocheckpoint = 0");
        db.exec("PRAGMA journal_size_limit = 67108864");
        // Debian's default writes every freed page once more, full of zeros.
        db.exec("PRAGMA secure_delete = FAST");
    }
    db.exec("PRAGMA cache_size = -" + std::to_string(cache_kib));
    db.exec("PRAGMA temp_store = MEMORY");
    return db;
}

bool empty_log(SQLite::Database& db, std::chrono::milliseconds patience) {
    sqlite3_busy_timeout(db.getHandle(), static_cast<int>(patience.count()));
    const int code = sqlite3_wal_checkpoint_v2(db.getHandle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                               nullptr, nullptr);
    sqlite3_busy_handler(db.getHandle(), nap_when_busy, nullptr);
    return code == SQLITE_OK;
}

bool fill_free_pages(SQLite::Database& db) {
    constexpr std::int64_t most = 128;
    constexpr std::int64_t link = 4; // octets in each page of a long value: the next one
    const auto asked = [&](const char* pragma) {
        statement row(db, pragma);
        row.row();
        return row.number(0);
    };
    const auto pages = std::min(asked("PRAGMA freelist_count"), most);
    if (pages == 0)
        return false;
    // So much of a long value lies with its row (fileformat2, 1.6), the rest in whole pages of its own:
    // a last one that is not full would keep what was in it.
    const auto size = asked("PRAGMA page_size");
    const auto with_row = (size - 12) * 32 / 255 - 23;
    statement(db, "INSERT INTO blank VALUES(zeroblob(?))")
        .bind(with_row + pages * (size - link))
        .run();
    return true;
}

void interrupt_from(SQLite::Database& db, const std::chrono::steady_clock::time_point& deadline) {
    constexpr int steps = 1000; // of SQLite's machine, between two looks at the clock
    auto* pointer = const_cast<std::chrono::steady_clock::time_point*>(&deadline); // as C wants it
    sqlite3_progress_handler(db.getHandle(), steps, is_late, pointer);
}

bool was_interrupted(const SQLite::Exception& e) {
    return (e.getErrorCode() & 0xFF) == SQLITE_INTERRUPT;
}

void make_tables(SQLite::Database& db, std::string_view sql) {
    SQLite::Transaction all(db, SQLite::TransactionBehavior::IMMEDIATE);
    db.exec(std::string(sql));
    all.commit();
}

statement::statement(SQLite::Database& db, std::string_view sql) : db_(db.getHandle()) {
    if (sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &stmt_, nullptr) != SQLITE_OK)
        throw SQLite::Exception(db_);
}

bool statement::row() {
    const int code = sqlite3_step(stmt_);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE) {
        const SQLite::Exception failure(db_, code);
        sqlite3_reset(stmt_);
        throw failure;
    }
    sqlite3_reset(stmt_);
    return false;
}

statement& statement::bind_row(statement& from, int first, int count) {
    sqlite3_reset(stmt_);
    for (int i = 0; i < count; ++i) {
        const int column = first + i;
        switch (sqlite3_column_type(from.stmt_, column)) {
        case SQLITE_INTEGER:
            bind_one(i + 1, from.number(column));
            break;
        case SQLITE_NULL:
            bind_one(i + 1, nullptr);
            break;
        case SQLITE_BLOB:
            bind_one(i + 1, blob{from.text(column)});
            break;
        default:
            bind_text(i + 1, from.text(column));
        }
    }
    return *this;
}

int statement::run() {
    while (row()) {
    }
    return sqlite3_changes(db_);
}

bool may_pass(const SQLite::Exception& e) {
    switch (e.getErrorCode() & 0xFF) {
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
        return true;
    default:
        return false;
    }
}

} // namespace posthorn::store

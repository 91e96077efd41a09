// One SQLite connection and its prepared statements.
#pragma once

#include "model/time.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace posthorn::store {

enum class access : std::uint8_t { read_only, read_write };

// WAL, synchronous=FULL, no automatic checkpoint, our own busy handler (300 us naps, 5 s at most:
// SQLite's default sleeps up to 100 ms and loses every race).
SQLite::Database open_database(const std::filesystem::path& file, access mode,
                               int cache_kib = 4'096);

// Who reads meanwhile sees all of them or none, also after a crash.
void make_tables(SQLite::Database& db, std::string_view sql);

// Makes the write-ahead log an empty file. False when somebody reads what stands in it for longer than
// that, or the disk is in the way.
bool empty_log(SQLite::Database& db, std::chrono::milliseconds patience);

// One step of overwriting what was left in free pages: some of them are filled with zeros, in a row of
// `blank`, which is to be deleted when none are left. False: there are none. In a transaction.
bool fill_free_pages(SQLite::Database& db);

// Statements of `db` are interrupted from `deadline` on; it must outlive `db`, and may be moved.
void interrupt_from(SQLite::Database& db, const std::chrono::steady_clock::time_point& deadline);
bool was_interrupted(const SQLite::Exception& e);

// Once per process, before any connection: SQLite keeps no statistics (a lock on every allocation),
// and leaves locking to us (a connection is used by one thread).
void configure_sqlite();

// A blob or text to bind without copying; must live until the statement has run.
struct blob {
    std::string_view octets;
};

// A statement that is prepared once and run often. Straight on SQLite's own functions: SQLiteCpp
// cannot bind a view that is not NUL-terminated, and copies.
class statement {
public:
    statement(SQLite::Database& db, std::string_view sql);
    statement(statement&& other) noexcept
        : db_(other.db_), stmt_(std::exchange(other.stmt_, nullptr)) {}
    statement& operator=(statement&& other) noexcept {
        std::swap(db_, other.db_);
        std::swap(stmt_, other.stmt_);
        return *this;
    }
    ~statement() { sqlite3_finalize(stmt_); }

    template <class... Values>
    statement& bind(const Values&... values) {
        sqlite3_reset(stmt_);
        int at = 0;
        (bind_one(++at, values), ...);
        return *this;
    }
    // Columns of the row on which `from` stands, without copying: run this before `from` goes on.
    statement& bind_row(statement& from, int first, int count);
    bool row(); // the next row; false at the end
    int run();  // to the end; how many rows were changed
    void reset() { sqlite3_reset(stmt_); }

    std::int64_t number(int column) { return sqlite3_column_int64(stmt_, column); }
    bool null(int column) { return sqlite3_column_type(stmt_, column) == SQLITE_NULL; }
    // Valid until the next row() or reset().
    std::string_view text(int column) {
        const void* data = sqlite3_column_blob(stmt_, column);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(stmt_, column));
        return size ? std::string_view(static_cast<const char*>(data), size) : std::string_view();
    }
    instant time(int column) { return from_micros(number(column)); }

private:
    template <class T>
    void bind_one(int at, const T& value) {
        if constexpr (std::is_enum_v<T> || std::is_integral_v<T>)
            sqlite3_bind_int64(stmt_, at, static_cast<std::int64_t>(value));
        else if constexpr (std::is_same_v<T, instant>)
            sqlite3_bind_int64(stmt_, at, to_micros(value));
        else if constexpr (std::is_same_v<T, blob>)
            sqlite3_bind_blob64(stmt_, at, value.octets.empty() ? "" : value.octets.data(),
                                value.octets.size(), SQLITE_STATIC);
        else if constexpr (std::is_same_v<T, std::nullptr_t>)
            sqlite3_bind_null(stmt_, at);
        else if constexpr (std::is_same_v<T, std::optional<std::string>>)
            value ? bind_text(at, *value) : bind_one(at, nullptr);
        else
            bind_text(at, value);
    }
    void bind_text(int at, std::string_view text) {
        sqlite3_bind_text64(stmt_, at, text.empty() ? "" : text.data(), text.size(), SQLITE_STATIC,
                            SQLITE_UTF8);
    }
    sqlite3* db_;
    sqlite3_stmt* stmt_ = nullptr;
};

// Whether waiting may cure it (disk full, I/O, a lock); everything else is a broken invariant.
bool may_pass(const SQLite::Exception& e);

} // namespace posthorn::store

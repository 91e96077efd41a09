// SQLite with as little around it as C++ needs, for raw_store.
#pragma once

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

namespace fs = std::filesystem;

constexpr int checkpoint_pages = 10'000;

class database {
public:
    database(const fs::path& file, bool durable) {
        constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
        if (sqlite3_open_v2(file.c_str(), &db_, flags, nullptr) != SQLITE_OK)
            throw std::runtime_error(file.string() + ": " + sqlite3_errmsg(db_));
        run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -65536");
        run(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        sqlite3_wal_hook(
            db_,
            [](void* pages, sqlite3*, const char*, int now) {
                *static_cast<int*>(pages) = now;
                return SQLITE_OK;
            },
            &wal_);
    }
    ~database() { sqlite3_close_v2(db_); }
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    sqlite3* handle() const { return db_; }
    void run(const std::string& sql) {
        if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
            throw std::runtime_error(sql.substr(0, 80) + ": " + sqlite3_errmsg(db_));
    }
    // As in the run: inline, when the log is long.
    void commit() {
        run("COMMIT");
        if (wal_ >= checkpoint_pages)
            sqlite3_wal_checkpoint_v2(db_, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    }

private:
    sqlite3* db_ = nullptr;
    int wal_ = 0;
};

class statement {
public:
    statement(const database& db, const std::string& sql) : db_(db.handle()) {
        if (sqlite3_prepare_v3(db_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &s_, nullptr) !=
            SQLITE_OK)
            throw std::runtime_error(sql + ": " + sqlite3_errmsg(db_));
    }
    ~statement() { sqlite3_finalize(s_); }
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    sqlite3_stmt* handle() const { return s_; }
    statement& bind(int at, std::int64_t value) {
        sqlite3_bind_int64(s_, at, value);
        return *this;
    }
    statement& bind(int at, std::string_view value) {
        sqlite3_bind_text(s_, at, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
        return *this;
    }
    bool row() {
        const int code = sqlite3_step(s_);
        if (code == SQLITE_ROW)
            return true;
        if (code != SQLITE_DONE)
            throw std::runtime_error(sqlite3_errmsg(db_));
        sqlite3_reset(s_);
        return false;
    }
    void run() {
        while (row()) {
        }
    }

private:
    sqlite3* db_;
    sqlite3_stmt* s_ = nullptr;
};

// Rows of a finished run, in memory.
class rows {
public:
    rows(const database& from, const std::string& select) {
        statement s(from, select);
        columns_ = static_cast<std::size_t>(sqlite3_column_count(s.handle()));
        while (s.row())
            for (int c = 0; c < static_cast<int>(columns_); ++c)
                add(s.handle(), c);
    }
    std::size_t size() const { return cells_.size() / columns_; }
    std::int64_t number(std::size_t row, int column) const { return at(row, column).number; }
    std::string_view text(std::size_t row, int column) const {
        const auto& c = at(row, column);
        return std::string_view(texts_).substr(static_cast<std::size_t>(c.number), c.size);
    }
    // Columns to the parameters of the same number, as many as there are.
    statement& bind(statement& to, std::size_t row) const {
        const int count =
            std::min(static_cast<int>(columns_), sqlite3_bind_parameter_count(to.handle()));
        for (int c = 0; c < count; ++c) {
            const auto& one = at(row, c);
            const auto* octets = texts_.data() + one.number;
            if (one.type == SQLITE_INTEGER)
                to.bind(c + 1, one.number);
            else if (one.type == SQLITE_TEXT)
                to.bind(c + 1, text(row, c));
            else if (one.type == SQLITE_BLOB)
                sqlite3_bind_blob(to.handle(), c + 1, octets, static_cast<int>(one.size),
                                  SQLITE_STATIC);
            else
                sqlite3_bind_null(to.handle(), c + 1);
        }
        return to;
    }

private:
    struct cell {
        std::int64_t number = 0; // or where the octets begin
        std::uint32_t size = 0;
        int type = SQLITE_NULL;
    };
    const cell& at(std::size_t row, int column) const {
        return cells_[row * columns_ + static_cast<std::size_t>(column)];
    }
    void add(sqlite3_stmt* s, int c) {
        cell made{.type = sqlite3_column_type(s, c)};
        if (made.type == SQLITE_INTEGER) {
            made.number = sqlite3_column_int64(s, c);
        } else if (made.type != SQLITE_NULL) {
            made.number = static_cast<std::int64_t>(texts_.size());
            made.size = static_cast<std::uint32_t>(sqlite3_column_bytes(s, c));
            texts_.append(static_cast<const char*>(sqlite3_column_blob(s, c)), made.size);
        }
        cells_.push_back(made);
    }

    std::size_t columns_ = 0;
    std::vector<cell> cells_;
    std::string texts_;
};

} // namespace bench

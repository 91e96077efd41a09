// One connection to a SQLite file that can only read, with its prepared questions. Blocking, each
// question no longer than its deadline. Follows the file: when it is missing, locked, broken or
// replaced by another one, that is an answer, and the next question looks again. One thread.
#pragma once

#include "lookups/system.hpp"

#include <sqlite3.h>

#include <atomic>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace posthorn::lookups {

class sqlite_connection {
public:
    // Gives up at once when `stopping`, which must outlive it.
    sqlite_connection(std::string file, const std::atomic<bool>& stopping);
    ~sqlite_connection();
    sqlite_connection(const sqlite_connection&) = delete;
    sqlite_connection& operator=(const sqlite_connection&) = delete;

    answer ask(const question& q);

private:
    struct prepared {
        struct close {
            void operator()(sqlite3_stmt* s) const { ::sqlite3_finalize(s); }
        };
        std::unique_ptr<sqlite3_stmt, close> statement;
        std::vector<int> columns; // of the lookup's fields
        int made = 0;             // how often SQLite has compiled it again by itself
    };

    void open();
    void close();
    void follow_file();
    prepared& prepare(const lookup& l);
    void find_columns(prepared& p, const lookup& l);
    boost::json::array rows_of(prepared& p, const lookup& l);
    boost::json::object row_of(const prepared& p, const lookup& l, std::size_t& octets);
    [[noreturn]] void fail(int code);
    bool is_over() const;

    const std::string file_;
    const std::atomic<bool>& stopping_;
    std::chrono::steady_clock::time_point deadline_{}; // of the question in hand
    sqlite3* db_ = nullptr;
    std::unordered_map<std::string, prepared> prepared_; // by query
};

} // namespace posthorn::lookups

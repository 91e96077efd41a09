// Goes through all rows of events and messages, in live.db and the months, and compares them with the
// books and with what sources were told. At leisure, without keeping anybody: live.db as it is at one
// moment, then month by month what had left it by then.
#pragma once

#include "store/row_books.hpp"

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace posthorn::store {

struct books_files {
    std::filesystem::path live, history, results;
};

// Events and messages that were made then. Times are taken to the quarter of an hour.
struct books_span {
    instant from{};  // 0: from the beginning
    instant until{}; // 0: to the end
};

// The sums, by account (0: of events and messages); and the names of accounts.
struct books_sums {
    book_page page;
    std::map<name_id, std::string> accounts;
    instant begin{}; // what was made before is in no book; 0: there was nothing
};

// What stands in the books, cheaply. Throws SQLite::Exception. Any thread.
books_sums read_books(const std::filesystem::path& live, const books_span& span);

struct difference {
    posthorn::id event = 0;   // 0: none in particular
    posthorn::id message = 0; // likewise
    std::string what;
};

struct recounted {
    book_page rows; // as far as rows tell
    std::map<name_id, std::string> accounts;
    std::int64_t messages = 0;           // looked at
    std::int64_t results = 0;            // of sources, compared with them
    std::int64_t differing = 0;          // of which
    std::vector<difference> differences; // the first
};

struct recount_wish {
    books_span span;
    std::string run;         // of this one alone: then with results, not with the books
    instant results_since{}; // results that were final before may be gone
};

// Throws SQLite::Exception, and std::runtime_error when it is to stop. Any thread.
recounted recount(const books_files& files, const recount_wish& wish, const std::stop_token& stop);

} // namespace posthorn::store

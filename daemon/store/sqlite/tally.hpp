// Counters kept in the commit of the change, so that they never disagree with the rows: totals, and the
// books (store/books.hpp).
#pragma once

#include "store/books.hpp"
#include "store/sqlite/connection.hpp"

#include <map>
#include <tuple>

namespace posthorn::store {

class tally {
public:
    explicit tally(SQLite::Database& db)
        : write_(db, "INSERT INTO tally VALUES(?1,?2) ON CONFLICT(what) DO UPDATE SET n = n + ?2"),
          write_book_(db, "INSERT INTO book VALUES(?1,?2,?3,?4) "
                          "ON CONFLICT(slot, account, what) DO UPDATE SET n = n + ?4") {
        statement begin(db, "SELECT value FROM mark WHERE what='books begin'");
        books_begin_ = begin.row() ? begin.number(0) : 0;
    }

    void add(std::string_view what, std::int64_t n = 1) {
        if (const auto found = pending_.find(what); found != pending_.end())
            found->second += n;
        else
            pending_.emplace(what, n);
    }
    // Of this event or message; what was there before there were books is in none.
    void book(posthorn::id of, name_id account, booked what, std::int64_t n = 1) {
        if (of > books_begin_)
            books_[{slot_of(of), account, what}] += n;
    }
    // Inside the transaction; keep() or undo() afterwards.
    void write() {
        for (const auto& [what, n] : pending_)
            if (n != 0)
                write_.bind(what, n).run();
        for (const auto& [line, n] : books_)
            if (n != 0)
                write_book_.bind(std::get<0>(line), std::get<1>(line), std::get<2>(line), n).run();
    }
    void clear() {
        pending_.clear();
        books_.clear();
    }

private:
    statement write_, write_book_;
    posthorn::id books_begin_ = 0;
    std::map<std::string, std::int64_t, std::less<>> pending_;
    std::map<std::tuple<book_slot, name_id, booked>, std::int64_t> books_;
};

} // namespace posthorn::store

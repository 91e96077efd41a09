// Counters kept in the commit of the change, so that they never disagree with the rows.
#pragma once

#include "store/sqlite/connection.hpp"

#include <map>

namespace posthorn::store {

class tally {
public:
    explicit tally(SQLite::Database& db)
        : write_(db, "INSERT INTO tally VALUES(?1,?2) ON CONFLICT(what) DO UPDATE SET n = n + ?2") {
    }

    void add(std::string_view what, std::int64_t n = 1) {
        if (const auto found = pending_.find(what); found != pending_.end())
            found->second += n;
        else
            pending_.emplace(what, n);
    }
    // Inside the transaction; keep() or undo() afterwards.
    void write() {
        for (const auto& [what, n] : pending_)
            if (n != 0)
                write_.bind(what, n).run();
    }
    void clear() { pending_.clear(); }

private:
    statement write_;
    std::map<std::string, std::int64_t, std::less<>> pending_;
};

} // namespace posthorn::store

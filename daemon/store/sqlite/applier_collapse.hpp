// Of which household messages are, and the last text that left for each: the part of the applier that keeps
// that.
#pragma once

#include "model/cover.hpp"
#include "model/message.hpp"
#include "store/sqlite/connection.hpp"

#include <unordered_map>
#include <utility>
#include <vector>

namespace posthorn::store {

struct outcome;
struct uncover;

class collapse_applier {
public:
    explicit collapse_applier(SQLite::Database& db);

    outcome apply(const uncover&);

    void covers(posthorn::id message, const cover& c);
    // A message that waits is of this household.
    void waits(posthorn::id message, std::uint64_t household);
    std::uint64_t household_of(posthorn::id message) const; // 0: of none
    void gone(posthorn::id message);                        // it left live.db

    void keep() { before_.clear(); } // the transaction was committed
    void undo();                     // it was not

private:
    void note(posthorn::id message) { before_.emplace_back(message, household_of(message)); }

    std::unordered_map<posthorn::id, std::uint64_t> households_; // as the table has them
    std::vector<std::pair<posthorn::id, std::uint64_t>> before_; // of the open transaction
    statement cover_, uncover_, waits_, gone_;
};

} // namespace posthorn::store

// Of which household messages are, and the last text that left for each: the part of the applier that keeps
// that.
#pragma once

#include "model/cover.hpp"
#include "model/message.hpp"
#include "store/sqlite/connection.hpp"

#include <unordered_map>

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

private:
    std::unordered_map<posthorn::id, std::uint64_t> households_; // as the table has them
    statement cover_, uncover_, waits_, gone_;
};

} // namespace posthorn::store

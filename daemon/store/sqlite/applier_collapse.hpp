// Of which household messages are, and the last text that left for each: the part of the applier that keeps
// that.
#pragma once

#include "model/cover.hpp"
#include "model/message.hpp"
#include "store/sqlite/connection.hpp"

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
    void gone(posthorn::id message); // it left live.db
    // Whether any message may be of one: else nobody need look. A household is read with its message.
    bool any() const { return any_; }
    void end_transaction();

private:
    bool look();

    statement cover_, uncover_, waits_, gone_, any_row_;
    bool any_ = false;
    bool changed_ = false; // in the open transaction
};

} // namespace posthorn::store

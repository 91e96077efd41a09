#include "store/sqlite/applier_collapse.hpp"

#include "store/ops.hpp"

namespace posthorn::store {

collapse_applier::collapse_applier(SQLite::Database& db)
    : cover_(db, "INSERT OR REPLACE INTO cover VALUES(?,?,?)"),
      uncover_(db, "DELETE FROM cover WHERE household=? AND message=?"),
      waits_(db, "INSERT OR REPLACE INTO household VALUES(?,?)"),
      gone_(db, "DELETE FROM household WHERE message=?") {
    statement rows(db, "SELECT message, household FROM household");
    while (rows.row())
        households_.emplace(rows.number(0), static_cast<std::uint64_t>(rows.number(1)));
}

void collapse_applier::covers(posthorn::id message, const cover& c) {
    cover_.bind(static_cast<std::int64_t>(c.household), message, c.made).run();
}

outcome collapse_applier::apply(const uncover& o) {
    return applied_if(uncover_.bind(static_cast<std::int64_t>(o.household), o.message).run());
}

void collapse_applier::waits(posthorn::id message, std::uint64_t household) {
    waits_.bind(message, static_cast<std::int64_t>(household)).run();
    note(message);
    households_[message] = household;
}

std::uint64_t collapse_applier::household_of(posthorn::id message) const {
    if (households_.empty())
        return 0;
    const auto found = households_.find(message);
    return found == households_.end() ? 0 : found->second;
}

void collapse_applier::gone(posthorn::id message) {
    if (household_of(message) == 0)
        return;
    note(message);
    households_.erase(message);
    gone_.bind(message).run();
}

void collapse_applier::undo() {
    for (; !before_.empty(); before_.pop_back())
        if (const auto [message, household] = before_.back(); household == 0)
            households_.erase(message);
        else
            households_[message] = household;
}

} // namespace posthorn::store

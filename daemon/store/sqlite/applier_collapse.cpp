#include "store/sqlite/applier_collapse.hpp"

#include "store/ops.hpp"

namespace posthorn::store {

collapse_applier::collapse_applier(SQLite::Database& db)
    : cover_(db, "INSERT OR REPLACE INTO cover VALUES(?,?,?)"),
      uncover_(db, "DELETE FROM cover WHERE household=? AND message=?"),
      waits_(db, "INSERT OR REPLACE INTO household VALUES(?,?)"),
      gone_(db, "DELETE FROM household WHERE message=?"),
      any_row_(db, "SELECT 1 FROM household LIMIT 1"), any_(look()) {}

bool collapse_applier::look() {
    const bool any = any_row_.row();
    any_row_.reset();
    return any;
}

void collapse_applier::covers(posthorn::id message, const cover& c) {
    cover_.bind(static_cast<std::int64_t>(c.household), message, c.made).run();
}

outcome collapse_applier::apply(const uncover& o) {
    return applied_if(uncover_.bind(static_cast<std::int64_t>(o.household), o.message).run());
}

void collapse_applier::waits(posthorn::id message, std::uint64_t household) {
    waits_.bind(message, static_cast<std::int64_t>(household)).run();
    any_ = changed_ = true;
}

void collapse_applier::gone(posthorn::id message) {
    if (any_ && gone_.bind(message).run() > 0)
        changed_ = true;
}

void collapse_applier::end_transaction() {
    if (changed_)
        any_ = look();
    changed_ = false;
}

} // namespace posthorn::store

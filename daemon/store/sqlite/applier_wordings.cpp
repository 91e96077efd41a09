#include "store/sqlite/applier_wordings.hpp"

#include "store/ops.hpp"

namespace posthorn::store {

wordings_applier::wordings_applier(SQLite::Database& db)
    : last_(db, "SELECT version, written FROM wording WHERE type=? ORDER BY version DESC LIMIT 1"),
      add_(db, "INSERT INTO wording VALUES(?,?,?,?,?)") {}

// One that says again what an earlier one said is another version: it was in use at another time.
outcome wordings_applier::apply(const keep_wording& o) {
    std::int64_t version = 0;
    bool same = false;
    if (last_.bind(o.type).row()) {
        version = last_.number(0);
        same = last_.text(1) == o.written;
        last_.reset();
    }
    if (!same)
        add_.bind(o.type, ++version, o.at, o.who, o.written).run();
    return {.wording = version};
}

} // namespace posthorn::store

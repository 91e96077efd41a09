#include "store/sqlite/applier_policy.hpp"

#include "store/ops.hpp"

namespace posthorn::store {

policy_applier::policy_applier(SQLite::Database& db)
    : count_(db, "INSERT OR REPLACE INTO counted VALUES(?,?,?,?,?)"),
      uncount_(db, "DELETE FROM counted WHERE at=? AND message=?"),
      forgive_(db, "UPDATE counted SET text=0 WHERE at>=? AND number=? AND category=? AND text=?"),
      forget_counted_(db, "DELETE FROM counted WHERE (at,message) IN "
                          "(SELECT at,message FROM counted WHERE at<? LIMIT 1000)"),
      forget_covers_(db, "DELETE FROM cover WHERE made_at<?"),
      waits_(db, "INSERT OR IGNORE INTO put_off VALUES(?,?)"),
      waits_no_more_(db, "DELETE FROM put_off WHERE (until,message) = "
                         "(SELECT due_at,id FROM message WHERE id=?)"),
      is_put_off_(db, "SELECT 1 FROM message AS m JOIN put_off AS o ON o.until=m.due_at "
                      "AND o.message=m.id WHERE m.id=? AND m.account=0 AND m.state=0"),
      forget_waits_(db, "DELETE FROM put_off WHERE (until,message) IN "
                        "(SELECT until,message FROM put_off WHERE until<=? LIMIT 1000)") {}

void policy_applier::count(posthorn::id message, const counted_text& t) {
    count_.bind(t.at, message, t.number, t.what, t.text).run();
}

void policy_applier::waits(posthorn::id message, instant until) {
    waits_.bind(until, message).run();
}

void policy_applier::waits_no_more(posthorn::id message) { waits_no_more_.bind(message).run(); }

bool policy_applier::is_put_off(posthorn::id message) {
    const bool is = is_put_off_.bind(message).row();
    is_put_off_.reset();
    return is;
}

outcome policy_applier::apply(const uncount& o) {
    if (uncount_.bind(o.at, o.message).run() == 0)
        return {.what = outcome::code::stale};
    return {.message = o.message};
}

outcome policy_applier::apply(const forgive_text& o) {
    const auto& t = o.text;
    forgive_.bind(t.at, t.number, t.what, t.text).run();
    return {};
}

outcome policy_applier::apply(const forget_counted& o) {
    forget_covers_.bind(o.covers_before).run();
    const auto gone = forget_counted_.bind(o.before).run() + forget_waits_.bind(o.now).run();
    return {.what = gone == 0 ? outcome::code::stale : outcome::code::applied};
}

} // namespace posthorn::store

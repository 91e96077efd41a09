#include "store/sqlite/applier_reports.hpp"

#include "store/ops.hpp"
#include "store/sqlite/applier_bindings.hpp"

namespace posthorn::store {

namespace {

// The way a binding of ours came: by the phone itself, or by who wrote for it.
binding_way way_of(std::string_view who, std::string_view number) {
    return who == number ? binding_way::text : binding_way::agent;
}

} // namespace

reports_applier::reports_applier(SQLite::Database& db, bindings_applier& bindings, id_source& ids)
    : bindings_(bindings), ids_(ids),
      bound_(db, "SELECT 1 FROM binding WHERE number=? AND account=?"),
      add_change_(db, "INSERT INTO contact_change VALUES(?,?,?,?,?,?,?,?,?,'waiting',0,'','')"),
      waiting_change_(db, "SELECT account, from_number FROM contact_change "
                          "WHERE id=? AND state='waiting'"),
      waiting_since_(db, "SELECT id, to_number FROM contact_change "
                         "WHERE account=? AND id>=? AND state='waiting' ORDER BY id DESC"),
      settle_change_(db, "UPDATE contact_change SET state=?2, settled_at=?3, settled_by=?4, "
                         "settled_reason=?5 WHERE id=?1"),
      same_report_(db, "SELECT id FROM work_report WHERE ended_at=0 AND area=? AND number=? AND "
                       "place=? AND begins_at=?"),
      end_report_(db, "UPDATE work_report SET ended_at=?2, ended_by=?3 "
                      "WHERE id=?1 AND ended_at=0"),
      add_report_(db, "INSERT INTO work_report VALUES(?,?,?,?,?,?,?,?,?,?,?,0,'')") {}

outcome reports_applier::change(const change_contact& o) {
    const auto is_bound = [&](const std::string& number) {
        const bool there = bound_.bind(number, o.account).row();
        bound_.reset();
        return there;
    };
    if (!is_bound(o.from) || is_bound(o.to))
        return {.what = outcome::code::stale};
    const auto id = ids_.next(o.at);
    const auto owner = o.owner ? o.owner->source : 0;
    add_change_.bind(id, o.at, o.account, o.from, o.to, o.inbound, o.who, o.reason, owner).run();
    const auto how = way_of(o.who, o.from);
    bindings_.apply(unbind{o.from, o.account, how, o.who, o.reason, o.at});
    bindings_.apply(bind{o.to, o.account, how, o.who, o.reason, o.at});
    return {.event = id};
}

outcome reports_applier::apply(const settle_contact_change& o) {
    if (!waiting_change_.bind(o.change).row()) {
        waiting_change_.reset();
        return {.what = outcome::code::stale};
    }
    const std::string account(waiting_change_.text(0)), from(waiting_change_.text(1));
    waiting_change_.reset();
    if (o.agreed)
        settle_change_.bind(o.change, "agreed", o.at, o.who, o.reason).run();
    else
        refuse(o, account, from);
    return {};
}

// What was changed after it was for the refused number to change: that falls with it.
void reports_applier::refuse(const settle_contact_change& o, const std::string& account,
                             const std::string& from) {
    std::vector<std::pair<posthorn::id, std::string>> fallen;
    waiting_since_.bind(account, o.change);
    while (waiting_since_.row())
        fallen.emplace_back(waiting_since_.number(0), waiting_since_.text(1));
    waiting_since_.reset();
    const auto how = binding_way::agent;
    for (const auto& [change, to] : fallen) {
        settle_change_.bind(change, "refused", o.at, o.who, o.reason).run();
        bindings_.apply(unbind{to, account, how, o.who, o.reason, o.at});
    }
    bindings_.apply(bind{from, account, how, o.who, o.reason, o.at});
}

outcome reports_applier::apply(const add_work_report& o) {
    const bool again = same_report_.bind(o.area, o.number, o.place, o.begins_at).row();
    const auto earlier = again ? same_report_.number(0) : 0;
    same_report_.reset();
    if (again)
        end_report_.bind(earlier, o.at, "a newer report").run();
    const auto id = ids_.next(o.at);
    add_report_
        .bind(id, o.at, o.number, o.worker, o.area, o.place, o.work, o.begins_at, o.ends_at,
              o.inbound, o.who)
        .run();
    return {.event = id};
}

outcome reports_applier::apply(const end_work_report& o) {
    if (end_report_.bind(o.report, o.at, o.who).run() == 0)
        return {.what = outcome::code::stale};
    return {};
}

} // namespace posthorn::store

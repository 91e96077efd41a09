#include "store/sqlite/applier_audience.hpp"

#include "store/feedback.hpp"
#include "store/ops.hpp"

namespace posthorn::store {

audience_applier::audience_applier(SQLite::Database& db, std::string& changes)
    : changes_(changes),
      change_area_(db, "UPDATE area SET parent=ifnull(?2,parent), name=ifnull(?3,name) "
                       "WHERE area=?1 AND (parent, name) <> (ifnull(?2,parent), ifnull(?3,name))"),
      add_area_(db, "INSERT OR IGNORE INTO area VALUES(?1, ifnull(?2,''), ifnull(?3,''))"),
      drop_area_(db, "DELETE FROM area WHERE area=?"),
      filter_(db, "SELECT tier, area, language, role FROM people_group WHERE name=?"),
      put_group_(db, "INSERT OR REPLACE INTO people_group VALUES(?,?,?,?,?,?)"),
      drop_group_(db, "DELETE FROM people_group WHERE name=?"),
      drop_members_(db, "DELETE FROM group_member WHERE name=?"),
      add_member_(db, "INSERT OR IGNORE INTO group_member VALUES(?,?,?)"),
      drop_member_(db, "DELETE FROM group_member WHERE name=? AND number=? AND account=?"),
      begin_(db, "INSERT INTO expansion VALUES(?,'','',0,0,'',0,0)"),
      advance_(db, "UPDATE expansion SET through_number=?2, through_account=?3, made=made+?4, "
                   "done_at=?5, reason=?6, others=?7 WHERE event=?1 AND done_at=0"),
      told_first_(db, "INSERT OR IGNORE INTO told_first VALUES(?,?)"),
      end_first_(db, "DELETE FROM told_first WHERE event=?"),
      raise_version_(db, "UPDATE event SET version=version+1 WHERE id=?"),
      made_(db, "INSERT INTO recipient VALUES(?,?)"),
      moved_(db, "DELETE FROM recipient WHERE event=? AND message=?"),
      count_(db, "INSERT INTO expansion_tally VALUES(?,?,1) "
                 "ON CONFLICT(event, state) DO UPDATE SET n=n+1"),
      told_(db, "UPDATE expansion SET told=1 WHERE event=?"),
      is_over_(db, "SELECT 1 FROM expansion WHERE event=?1 AND told=1 AND made>0 "
                   "AND NOT EXISTS (SELECT 1 FROM recipient WHERE event=?1)"),
      forget_event_(db, "DELETE FROM event WHERE id=?"),
      forget_events_(db, "DELETE FROM event WHERE id IN "
                         "(SELECT event FROM expansion WHERE event<? AND done_at>0) "
                         "AND NOT EXISTS (SELECT 1 FROM recipient WHERE recipient.event=event.id)"),
      forget_expansions_(db, "DELETE FROM expansion WHERE event<? AND done_at>0 AND NOT EXISTS "
                             "(SELECT 1 FROM recipient WHERE recipient.event=expansion.event)"),
      forget_tallies_(db, "DELETE FROM expansion_tally WHERE event<?") {}

outcome audience_applier::apply(const put_area& o) {
    if (change_area_.bind(o.area, o.parent, o.name).run() > 0)
        return {};
    auto out = applied_if(add_area_.bind(o.area, o.parent, o.name).run());
    out.added = out.what == outcome::code::applied;
    return out;
}

outcome audience_applier::apply(const drop_area& o) {
    return applied_if(drop_area_.bind(o.area).run());
}

outcome audience_applier::apply(const put_group& o) {
    const bool known = filter_.bind(o.name).row();
    put_group::filter before;
    if (known)
        before = {std::string(filter_.text(0)), std::string(filter_.text(1)),
                  std::string(filter_.text(2)), std::string(filter_.text(3))};
    filter_.reset();
    if (known && (!o.takes || *o.takes == before))
        return {.what = outcome::code::stale};
    const auto takes = o.takes.value_or(before);
    put_group_
        .bind(o.name, takes.tier, takes.area, takes.language, takes.role, takes.empty() ? 0 : 1)
        .run();
    return {.added = !known};
}

outcome audience_applier::apply(const drop_group& o) {
    drop_members_.bind(o.name).run();
    return applied_if(drop_group_.bind(o.name).run());
}

outcome audience_applier::apply(const put_member& o) {
    if (!o.in)
        return applied_if(drop_member_.bind(o.group, o.number, o.account).run());
    apply(put_group{.name = o.group, .takes = {}});
    return applied_if(add_member_.bind(o.group, o.number, o.account).run());
}

outcome audience_applier::advance(const advance_expansion& o) {
    const auto done_at = o.done ? o.at : instant{};
    if (advance_
            .bind(o.event, o.through_number, o.through_account, o.made, done_at, o.reason,
                  o.others ? 1 : 0)
            .run() == 0)
        return {.what = outcome::code::stale};
    if (o.done) { // a result of its own, newer than "so far"
        end_first_.bind(o.event).run();
        raise_version_.bind(o.event).run();
        pack(changes_, {o.event, change::kind::for_many});
    }
    return {};
}

void audience_applier::begin(posthorn::id event) {
    begin_.bind(event).run();
    pack(changes_, {event, change::kind::for_many});
}

void audience_applier::made(posthorn::id event, posthorn::id message) {
    made_.bind(event, message).run();
}

void audience_applier::told_first(posthorn::id event, std::string_view number) {
    told_first_.bind(event, number).run();
}

void audience_applier::moved(posthorn::id event, posthorn::id message, message_state last) {
    if (moved_.bind(event, message).run() == 0)
        return; // it was resent by a person, or taken back from history
    count_.bind(event, last).run();
    forget_if_over(event);
}

void audience_applier::told(posthorn::id event) {
    told_.bind(event).run();
    forget_if_over(event);
}

// Its source has been told all of it, and its messages are in history with it: one that made none
// stays, so that people can still ask about it, until operations of its time are forgotten.
void audience_applier::forget_if_over(posthorn::id event) {
    const bool over = is_over_.bind(event).row();
    is_over_.reset();
    if (over)
        forget_event_.bind(event).run();
}

void audience_applier::forget_before(posthorn::id event) {
    forget_events_.bind(event).run();
    forget_expansions_.bind(event).run();
    forget_tallies_.bind(event).run();
}

} // namespace posthorn::store

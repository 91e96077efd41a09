#include "store/sqlite/applier_erasure.hpp"

#include "model/inbound.hpp"
#include "model/state.hpp"
#include "store/feedback.hpp"
#include "store/ops.hpp"

#include <array>
#include <string>

namespace posthorn::store {

namespace {

// Pages that become free are overwritten too, while it lives.
class overwriting {
public:
    explicit overwriting(SQLite::Database& db) : db_(db) { db_.exec("PRAGMA secure_delete = ON"); }
    ~overwriting() { db_.tryExec("PRAGMA secure_delete = FAST"); }
    overwriting(const overwriting&) = delete;
    overwriting& operator=(const overwriting&) = delete;

private:
    SQLite::Database& db_;
};

constexpr std::array by_number{
    "DELETE FROM person WHERE number=?1",
    "UPDATE person SET email='' WHERE email=?1 AND email<>''", // an address is erased
    "DELETE FROM binding WHERE number=?1",
    "DELETE FROM binding_log WHERE number=?1",
    "DELETE FROM subscription WHERE number=?1",
    "DELETE FROM subscription_log WHERE number=?1",
    "DELETE FROM question WHERE number=?1",
    "DELETE FROM nuisance WHERE number=?1",
    "DELETE FROM group_member WHERE number=?1",
    "DELETE FROM told WHERE number=?1",
    "DELETE FROM counted WHERE number=CAST(?1 AS INTEGER)",
    "UPDATE expansion SET through_number='' WHERE through_number=?1 AND done_at>0",
    "DELETE FROM told_first WHERE number=?1",
    "DELETE FROM letter WHERE phone=?1",
    // That it opted out must be known for ever: consent_now keeps its consent_key, and points here.
    "UPDATE consent SET number=?2, words='', reason='' WHERE number=?1",
};

// ?1 the row, ?2 what stands for the number, ?3 the number, ?4 now. Of messages and receipts more
// is to be done.
const char* change_of(erase_rows::table table) {
    using enum erase_rows::table;
    switch (table) {
    case event:
        return "UPDATE event SET to_ref=?2, subject='', data='', version=version+1, "
               "parked='its number was erased' WHERE id=?1 AND parked IS NOT NULL";
    case inbound:
        // Carriers write a number in several ways; its last digits are the same in all.
        return "UPDATE inbound SET text='', octets=x'', sender="
               "CASE substr(sender, -6) WHEN substr(?3, -6) THEN ?2 ELSE sender END "
               "WHERE id=?1 AND outcome IS NOT NULL";
    case receipt:
        return "DELETE FROM receipt WHERE id=?1";
    case passed:
        return "UPDATE passed SET number=replace(number, ?3, ?2), text='', data='{}' WHERE id=?1";
    case contact_change:
        return "UPDATE contact_change SET from_number=replace(from_number, ?3, ?2), "
               "to_number=replace(to_number, ?3, ?2), who=replace(who, ?3, ?2), reason='', "
               "settled_at=CASE state WHEN 'waiting' THEN ?4 ELSE settled_at END, "
               "settled_by=replace(settled_by, ?3, ?2), "
               "settled_reason=CASE state WHEN 'waiting' THEN 'the number was erased' ELSE '' END, "
               "state=CASE state WHEN 'waiting' THEN 'refused' ELSE state END WHERE id=?1";
    case work_report:
        return "UPDATE work_report SET number=replace(number, ?3, ?2), worker='', work='', "
               "who=replace(who, ?3, ?2), ended_by=replace(ended_by, ?3, ?2) WHERE id=?1";
    case publication:
        return "UPDATE publication SET through_number='' WHERE id=?1 AND done_at>0";
    case timer_step:
        return "DELETE FROM timer_step WHERE id=?1";
    case operation:
        return "UPDATE operation SET which='erased', reason='erased', result='' WHERE id=?1";
    case message:
        break;
    }
    return nullptr;
}

} // namespace

erasure_applier::erasure_applier(SQLite::Database& db, tally& tallies, std::string& changes)
    : db_(db), tallies_(tallies), changes_(changes),
      redact_message_(db, "UPDATE message SET text='' WHERE id=? AND state>=" +
                              std::to_string(static_cast<int>(message_state::delivered))),
      redact_parts_(db, "UPDATE part SET octets=x'' WHERE message=?"),
      redact_event_(db, "UPDATE event SET data='' WHERE id=?") {}

outcome erasure_applier::apply(const redact& o) {
    const overwriting all(db_);
    for (const auto& which : o.messages) {
        if (redact_message_.bind(which.message).run() == 0)
            continue;
        redact_parts_.bind(which.message).run();
        redact_event_.bind(which.event).run();
    }
    return {};
}

outcome erasure_applier::apply(const begin_erasure& o) {
    const int begun = statement(db_, "INSERT OR IGNORE INTO erasure VALUES(?,?,?,?)")
                          .bind(o.number, o.who, o.reason, o.at)
                          .run();
    return {.what = begun ? outcome::code::applied : outcome::code::stale};
}

outcome erasure_applier::apply(const erase_number& o) {
    const overwriting all(db_);
    for (const auto* sql : by_number) {
        statement(db_, sql).bind(o.number, o.evidence).run(); // some ask for the first alone
    }
    return {};
}

void erasure_applier::erase_message(posthorn::id message, const std::string& instead) {
    const int erased =
        statement(db_, "UPDATE message SET recipient=?2, text='', version=version+1 WHERE id=?1 "
                       "AND recipient!=?2 AND state>=" +
                           std::to_string(static_cast<int>(message_state::delivered)))
            .bind(message, instead)
            .run();
    if (erased == 0)
        return;
    redact_parts_.bind(message).run();
    statement(db_, "UPDATE decision SET reason='erased' WHERE about IN (?1, "
                   "(SELECT event FROM message WHERE id=?1))")
        .bind(message)
        .run();
    // What is told to an area or a group is about nobody; and others may still need it.
    statement(db_, "UPDATE event SET subject='', data='', "
                   "to_ref=CASE to_kind WHEN 'number' THEN ?2 ELSE to_ref END "
                   "WHERE id=(SELECT event FROM message WHERE id=?1) "
                   "AND to_kind IN ('number', 'account', 'customer') AND NOT EXISTS "
                   "(SELECT 1 FROM expansion AS x WHERE x.event=event.id AND x.done_at=0)")
        .bind(message, instead)
        .run();
    pack(changes_, {message, change::kind::message_final}); // its month and its source get it so
}

outcome erasure_applier::apply(const erase_rows& o) {
    const overwriting all(db_);
    if (o.of == erase_rows::table::message) {
        for (const auto row : o.rows)
            erase_message(row, o.instead);
        return {};
    }
    statement erase(db_, change_of(o.of));
    statement waits(db_, "DELETE FROM timer_step WHERE id=? AND made_at=0");
    for (const auto row : o.rows) {
        if (o.of == erase_rows::table::timer_step)
            tallies_.add("timer steps waiting", -waits.bind(row).run());
        const int changed = erase.bind(row, o.instead, o.number, o.at).run();
        if (changed != 0 && o.of == erase_rows::table::event)
            pack(changes_, {row, change::kind::event_parked});
        if (changed != 0 && o.of == erase_rows::table::receipt)
            tallies_.add("unmatched receipts", -1);
    }
    return {};
}

// One that takes them holds nothing but zeros, and leaves them so.
outcome erasure_applier::apply(const overwrite_free& o) {
    if (!o.fill) {
        const int given = statement(db_, "DELETE FROM blank WHERE rowid=(SELECT max(rowid) FROM "
                                         "blank)")
                              .run();
        return {.what = given ? outcome::code::applied : outcome::code::stale};
    }
    return {.what = fill_free_pages(db_) ? outcome::code::applied : outcome::code::stale};
}

outcome erasure_applier::apply(const end_erasure& o) {
    const overwriting all(db_);
    statement(db_, "DELETE FROM erasure WHERE number=?").bind(o.number).run();
    return {};
}

} // namespace posthorn::store

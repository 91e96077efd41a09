// The statements of the applier. Those that change a part are guarded by the states from which the
// table of model/state.hpp lets that event lead somewhere: first the open ones, then the final ones
// it corrects.
#include "store/sqlite/applier.hpp"

namespace posthorn::store {

namespace {

unsigned bit(part_state s) { return 1U << static_cast<unsigned>(s); }

// The states that `event` changes, one bit each, and where it leads. A bit mask and not a list:
// SQLite builds a table for IN (...) each time the statement runs.
struct guard {
    unsigned from = 0;
    part_state to = part_state::queued;
};

guard guard_for(part_event event, bool final_ones) {
    guard g;
    for (unsigned s = 0; s < part_state_count; ++s) {
        const auto from = static_cast<part_state>(s);
        const auto to = next(from, event);
        if (to == from || is_final(from) != final_ones)
            continue;
        g.from |= 1U << s;
        g.to = to;
    }
    return g;
}

// ?1 message ?2 attempts (0: any) ?3 code ?4 at ?5 reason or ref ?6 mark ?7 due_at ?8 attempts
// taken back ?9 its account
std::string columns(part_event event, part_state to) {
    const auto folded = std::to_string(static_cast<int>(fold(std::span(&to, 1))));
    const std::string set = "part_state=" + std::to_string(static_cast<int>(to)) +
                            ", code=?3, version=version+1, state=" + folded;
    switch (event) {
    case part_event::accept:
        return set + ", ref=?5, submitted_at=?4";
    case part_event::defer:
        return set + ", attempts=attempts-?8, due_at=?7";
    case part_event::doubt:
        return set;
    default:
        return set + ", mark=?6, final_at=?4, reason=CASE WHEN ?5='' AND coding=2 THEN reason ELSE "
                     "?5 END";
    }
}

std::string tell(part_event event, part_state to) {
    return "UPDATE message SET " + columns(event, to) +
           " WHERE id=?1 AND parts=1 AND (?2=0 OR attempts=?2) AND account=?9 AND ";
}

std::optional<statement> tell(SQLite::Database& db, part_event event, bool final_ones) {
    const auto g = guard_for(event, final_ones);
    if (g.from == 0)
        return std::nullopt;
    return statement(db, tell(event, g.to) + "(1 << part_state) & " + std::to_string(g.from));
}

std::optional<statement> tell_usual(SQLite::Database& db, part_event event) {
    const auto from = usual_before(event);
    if (!from)
        return std::nullopt;
    return statement(db, tell(event, next(*from, event)) +
                             "part_state=" + std::to_string(static_cast<int>(*from)));
}

} // namespace

applier::applier(SQLite::Database& db, key_index& keys, tally& tallies, id_source& ids)
    : db_(db), keys_(keys), tallies_(tallies), ids_(ids), bindings_(db, ids),
      topics_(db, tallies, ids, changes_), reports_(db, bindings_, ids), audience_(db, changes_),
      erasure_(db, tallies, changes_), policy_(db), collapse_(db), failovers_(db),
      timers_(db, tallies, ids), withdrawals_(db, timers_, topics_), wordings_(db),
      add_event_(db, "INSERT INTO event VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,?)"),
      replace_event_(db, "UPDATE event SET outbox_id=?2, hash=?3, type=?4, run=?5, subject=?6, "
                         "to_kind=?7, to_ref=?8, data=?9, occurred_at=?10, not_before=?11, "
                         "expires_at=?12, created_at=?13, received_at=?14, parked=?15, "
                         "version=version+1 WHERE id=?1"),
      release_event_(db, "UPDATE event SET parked=NULL, version=version+1 "
                         "WHERE id=? AND parked IS NOT NULL"),
      parked_event_(db, "SELECT 1 FROM event WHERE id=? AND parked IS NOT NULL"),
      park_event_(db, "UPDATE event SET parked=?2, version=version+1 "
                      "WHERE id=?1 AND parked IS NOT NULL"),
      add_message_(db,
                   "INSERT INTO message VALUES(?1,?2,1,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,"
                   "?15,?16,?17,?18,?19,?20,?21,0,?22,0,'','','',?23)"),
      add_part_(db, "INSERT INTO part VALUES(?1,?2,?3,?4,0,?5,0,'','','',?6)"),
      add_queue_(db, "INSERT OR IGNORE INTO queue VALUES(?,?,?,?,?)"),
      drop_queue_(db, "DELETE FROM queue WHERE pool=? AND priority=? AND source=? AND due_at=? "
                      "AND message=?"),
      drop_queue_of_(db, "DELETE FROM queue WHERE (pool,priority,source,due_at,message) = "
                         "(SELECT pool,priority,source,due_at,id FROM message WHERE id=?)"),
      queue_again_(db, "INSERT OR IGNORE INTO queue SELECT pool,priority,source,due_at,id "
                       "FROM message WHERE id=?"),
      open_single_(db,
                   "UPDATE message SET part_state=?4, state=?5, version=version+1, "
                   "attempts=attempts+1, repeats=repeats+?6, opened_at=?7, account=?8, sender=?9, "
                   "reason=CASE coding WHEN 2 THEN reason ELSE '' END " // why it is a letter
                   "WHERE id=?1 AND attempts=?2 AND part_state=?3"),
      open_part_(db, "UPDATE part SET part_state=?3, attempts=attempts+1, repeats=repeats+?4, "
                     "opened_at=?5 WHERE message=?1 AND n=?2"),
      part_accepted_(db, "UPDATE part SET part_state=?3, code=?4, ref=?5, submitted_at=?6 "
                         "WHERE message=?1 AND n=?2"),
      part_told_(db, "UPDATE part SET part_state=?3, code=?4, mark=?5, attempts=attempts-?6 "
                     "WHERE message=?1 AND n=?2"),
      part_states_(db, "SELECT n, part_state, attempts, "
                       "(SELECT account FROM message WHERE id=?1) "
                       "FROM part WHERE message=?1 ORDER BY n"),
      message_folded_(db, "UPDATE message SET state=?2, version=version+1, final_at=?3, "
                          "reason=CASE WHEN ?4='' THEN reason ELSE ?4 END, "
                          "due_at=CASE WHEN ?5=0 THEN due_at ELSE ?5 END WHERE id=?1"),
      message_opened_(db, "UPDATE message SET state=?2, version=version+1, account=?3, sender=?4, "
                          "reason=CASE WHEN state=0 THEN '' ELSE reason END WHERE id=?1"),
      become_letter_(
          db,
          "UPDATE message SET pool=?2, coding=?3, recipient=?4, language=?5, text=?6, "
          "due_at=?7, reason=?8, wording=?9, version=version+1, parts=1, part_state=0, attempts=0, "
          "repeats=0, opened_at=0, submitted_at=0, ref='', code='', mark='' WHERE id=?1"),
      remake_message_(
          db, "UPDATE message SET coding=?2, parts=?3, part_state=?4, attempts=?5, "
              "repeats=iif(?3=1, ifnull(repeats, 0), NULL), opened_at=iif(?3=1, 0, NULL), "
              "submitted_at=iif(?3=1, 0, NULL), ref=iif(?3=1, '', NULL), code=iif(?3=1, '', NULL), "
              "mark=iif(?3=1, '', NULL) WHERE id=?1 AND state=0"),
      cancel_queued_parts_(
          db, "UPDATE part SET part_state=?2, code=?3 WHERE message=?1 AND part_state=0"),
      add_attempt_(db, "INSERT OR REPLACE INTO attempt VALUES(?,?,?,?,?,?)"),
      add_refused_(db, "INSERT INTO refused VALUES(?,?,?,?,?,?,?,?)"),
      add_receipt_(db, "INSERT INTO receipt VALUES(?,?,?,?,?,?,?,?,?)"),
      drop_receipt_(db, "DELETE FROM receipt WHERE id=?"),
      add_cost_(db, "INSERT INTO cost VALUES(?1,?2,?3,?4,?5,?6,?7) ON CONFLICT DO UPDATE SET "
                    "parts=parts+?6, price=price+?7"),
      add_inbound_(db, "INSERT INTO inbound(id, account, sender, recipient, octets, text, "
                       "data_coding, udh, received_at, outcome, head) "
                       "VALUES(?,?,?,?,?,?,?,?,?,?,?)"),
      settle_inbound_(db, "UPDATE inbound SET outcome=?2, head=?3, command=?4, "
                          "text=CASE WHEN ?5 THEN '' ELSE text END, "
                          "octets=CASE WHEN ?5 THEN x'' ELSE octets END "
                          "WHERE id=?1 AND outcome IS NULL"),
      handle_inbound_(db, "UPDATE inbound SET outcome=?2 WHERE id=?1 AND outcome=?3"),
      put_question_(db, "INSERT OR REPLACE INTO question VALUES(?,?,?,?,?,?,?,?)"),
      drop_question_(db, "DELETE FROM question WHERE number=? AND recipient=? AND id=?"),
      late_part_(db, "SELECT 1 FROM late WHERE message=? AND n=?"),
      drop_late_(db, "DELETE FROM late WHERE message=? AND n=?"),
      add_late_receipt_(db, "INSERT INTO late_receipt VALUES(?,?,?,?,?,?)"),
      single_before_(db, "SELECT part_state, account FROM message WHERE id=? AND parts=1"),
      close_single_(db,
                    "UPDATE message SET part_state=?2, state=?3, version=version+1, final_at=?4, "
                    "reason=?5 WHERE id=?1 AND parts=1 AND part_state=0"),
      forget_feedback_(db, "DELETE FROM feedback WHERE seq<=?"),
      forget_refused_(db, "DELETE FROM refused WHERE id<=?"),
      forget_message_(db, "DELETE FROM message WHERE id=? AND version=?"),
      forget_parts_(db, "DELETE FROM part WHERE message=?"),
      forget_attempts_(db, "DELETE FROM attempt WHERE message=?"),
      add_letter_(db, "INSERT INTO letter VALUES(?,?)"),
      forget_letter_(db, "DELETE FROM letter WHERE message=?"),
      forget_event_(db, "DELETE FROM event WHERE id=?1 AND NOT EXISTS (SELECT 1 FROM resent AS r "
                        "JOIN message AS m ON m.id=r.message WHERE r.event=?1)"),
      forget_late_(db, "DELETE FROM late_receipt WHERE id=?"),
      late_single_(db, "INSERT OR IGNORE INTO late SELECT id, 1, account, ref FROM message "
                       "WHERE id=? AND version=? AND parts=1 AND ref!=''"),
      late_parts_(db,
                  "INSERT OR IGNORE INTO late SELECT p.message, p.n, m.account, p.ref "
                  "FROM part AS p JOIN message AS m ON m.id=p.message WHERE p.message=? "
                  "AND m.version=? AND p.ref!='' AND (1 << p.part_state) & " +
                      std::to_string(bit(part_state::unconfirmed) | bit(part_state::unresolved))),
      remember_id_(db, "INSERT OR REPLACE INTO mark VALUES('last id',?)"),
      note_clock_(db, "INSERT OR REPLACE INTO mark VALUES('clock',?)"),
      keep_learned_(db, "INSERT OR REPLACE INTO learned VALUES(?,?,?,?)"),
      add_name_(db, "INSERT OR IGNORE INTO name(kind, name) VALUES(?,?)"),
      find_name_(db, "SELECT id FROM name WHERE kind=? AND name=?"),
      add_operation_(db, "INSERT INTO operation VALUES(?,?,?,?,?,?,?)"),
      forget_operations_(db, "DELETE FROM operation WHERE id<?"),
      pause_(db, "INSERT OR REPLACE INTO pause VALUES(?,?,?,?,?,?,?)"),
      resume_(db, "DELETE FROM pause WHERE kind=?1 AND name=?2 AND ?3 IN (source, '')"),
      set_aside_(db, "INSERT INTO set_aside SELECT expires_at, id FROM message WHERE id=?"),
      drop_aside_of_(db, "DELETE FROM set_aside WHERE (expires_at,message) = "
                         "(SELECT expires_at,id FROM message WHERE id=?)"),
      next_version_(db, "UPDATE event SET version=version+1 WHERE id=?"),
      bring_back_event_(db, "INSERT INTO event VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,NULL)"),
      add_resent_(db, "INSERT INTO resent VALUES(?,?,?)"),
      repeat_single_(db, "UPDATE message SET repeats=1 WHERE id=? AND parts=1"),
      repeat_parts_(db, "UPDATE part SET repeats=1 WHERE message=?"),
      put_off_(db, "UPDATE message SET due_at=?2, reason=?3, version=version+1 WHERE id=?1"),
      failing_(db,
               "SELECT account, pool, priority, source, on_uncertain, coding, expires_at, parts, "
               "part_state, attempts FROM message WHERE id=?"),
      requeue_single_(db, "UPDATE message SET part_state=0, state=0, opened_at=0, submitted_at=0, "
                          "ref='', code='', mark='' WHERE id=? AND parts=1"),
      requeue_message_(db, "UPDATE message SET state=0 WHERE id=?"),
      repeated_single_(db, "UPDATE message SET repeats=repeats+1 WHERE id=? AND parts=1"),
      next_without_row_(db, "INSERT INTO mark VALUES('event without a row',-1) "
                            "ON CONFLICT(what) DO UPDATE SET value=value-1 RETURNING value"),
      add_passed_(db, "INSERT INTO passed VALUES(?,?,?,?,?,?,?,?,?)"),
      forget_passed_(db, "DELETE FROM passed WHERE id=?"),
      forget_text_(db, "DELETE FROM inbound WHERE id=? AND outcome IS NOT NULL"),
      account_of_(db, "SELECT account FROM message WHERE id=?"),
      add_decision_(db, "INSERT OR REPLACE INTO decision VALUES(?,?,?,?)"),
      forget_decisions_(db, "DELETE FROM decision WHERE about IN (?1,?2)"),
      forget_old_decisions_(db, "DELETE FROM decision WHERE about<?"),
      decided_parked_(db,
                      "INSERT OR REPLACE INTO decision SELECT id, received_at, 'parked', parked "
                      "FROM event WHERE id=? AND parked IS NOT NULL"),
      forget_books_(db, "DELETE FROM book WHERE slot<?"),
      note_dropped_(db, "INSERT INTO mark VALUES('history begins',?1) "
                        "ON CONFLICT(what) DO UPDATE SET value=max(value, ?1)"),
      out_of_(db, "SELECT ifnull(sum(categories), 0) FROM consent_now WHERE number=?"),
      add_consent_(db, "INSERT INTO consent VALUES(?,?,?,?,?,?,?,?,?,?)"),
      out_now_(db, "INSERT INTO consent_now VALUES(?,?,?,?)"),
      in_now_(db, "UPDATE consent_now SET categories=categories & ~?2 WHERE number=?1"),
      forget_consents_(db, "DELETE FROM consent_now WHERE number=? AND categories=0") {
    for (std::size_t i = 0; i < told_.size(); ++i) {
        const auto event = static_cast<part_event>(i);
        if (event == part_event::open)
            continue;
        told_[i].usual = tell_usual(db, event);
        told_[i].open = tell(db, event, false);
        told_[i].closed = tell(db, event, true);
    }
}

} // namespace posthorn::store

#include "store/sqlite/applier_failover.hpp"

namespace posthorn::store {

namespace {

// In the place of a part_event.
constexpr int nothing_yet = -1;

std::string event_if_delivered(std::string_view state) {
    return "CASE " + std::string(state) + " WHEN " +
           std::to_string(static_cast<int>(part_state::delivered)) + " THEN " +
           std::to_string(static_cast<int>(part_event::deliver)) + " ELSE " +
           std::to_string(nothing_yet) + " END";
}

// Of message ?1.
const std::string& last_times() {
    static const std::string out = "(SELECT times FROM failover WHERE message=?1)";
    return out;
}

} // namespace

failover_applier::failover_applier(SQLite::Database& db)
    : state_(db, "SELECT times, waits FROM failover WHERE message=?"),
      begin_(db, "INSERT INTO failover VALUES(?,1,1) "
                 "ON CONFLICT DO UPDATE SET times=times+1, waits=1"),
      take_single_(db, "INSERT INTO failover_part SELECT id, " + last_times() +
                           ", 1, account, ref, " + event_if_delivered("part_state") +
                           ", '', 0 FROM message WHERE id=?1 AND parts=1"),
      take_parts_(db, "INSERT INTO failover_part SELECT p.message, " + last_times() +
                          ", p.n, m.account, p.ref, " + event_if_delivered("p.part_state") +
                          ", '', 0 FROM part AS p JOIN message AS m ON m.id=p.message "
                          "WHERE p.message=?1"),
      go_on_(db, "UPDATE failover SET waits=0 WHERE message=?"),
      forget_(db, "DELETE FROM failover WHERE message=?"),
      forget_parts_(db, "DELETE FROM failover_part WHERE message=?"),
      hold_(db, "UPDATE failover_part SET event=?3, code=?4, at=?5 WHERE message=?1 AND times=" +
                    last_times() + " AND n=?2 AND event=" + std::to_string(nothing_yet)),
      held_(db, "SELECT n, event, code FROM failover_part WHERE message=?1 AND times=" +
                    last_times() + " ORDER BY n"),
      accounts_(db, "SELECT DISTINCT account FROM failover_part WHERE message=?"),
      delivered_(db, "UPDATE failover_part SET event=?4, at=?5 WHERE message=?1 AND account=?2 "
                     "AND n=?3 AND event=" +
                         std::to_string(nothing_yet)),
      undelivered_(db, "SELECT 1 FROM failover_part WHERE message=? AND account=? AND event<>?") {
    statement rows(db, "SELECT message FROM failover");
    while (rows.row())
        known_.insert(rows.number(0));
}

unsigned failover_applier::times(posthorn::id message) {
    if (!knows(message))
        return 0;
    state_.bind(message);
    const auto times = state_.row() ? static_cast<unsigned>(state_.number(0)) : 0;
    state_.reset();
    return times;
}

bool failover_applier::waits(posthorn::id message) {
    if (!knows(message))
        return false;
    state_.bind(message);
    const bool waits = state_.row() && state_.number(1) != 0;
    state_.reset();
    return waits;
}

std::optional<tried_before> failover_applier::find(posthorn::id message) {
    if (!knows(message))
        return std::nullopt;
    tried_before out{.message = message, .waits = waits(message), .accounts = {}};
    accounts_.bind(message);
    while (accounts_.row())
        out.accounts.push_back(static_cast<name_id>(accounts_.number(0)));
    return out;
}

void failover_applier::begin(posthorn::id message) {
    known_.insert(message);
    begin_.bind(message).run();
    take_single_.bind(message).run();
    take_parts_.bind(message).run();
}

void failover_applier::go_on(posthorn::id message) { go_on_.bind(message).run(); }

void failover_applier::forget(posthorn::id message) {
    if (!knows(message))
        return;
    forget_.bind(message).run();
    forget_parts_.bind(message).run();
    known_.erase(message);
    gone_.push_back(message);
}

bool failover_applier::hold(posthorn::id message, std::uint8_t n, part_event what,
                            std::string_view code, instant at) {
    return hold_.bind(message, n, what, code, at).run() > 0;
}

std::vector<failover_applier::held_receipt> failover_applier::held(posthorn::id message) {
    std::vector<held_receipt> out;
    held_.bind(message);
    while (held_.row())
        if (const auto event = held_.number(1);
            event != nothing_yet && event != static_cast<int>(part_event::deliver))
            out.push_back({static_cast<std::uint8_t>(held_.number(0)),
                           static_cast<part_event>(event), std::string(held_.text(2))});
    return out;
}

bool failover_applier::delivered_before(posthorn::id message, name_id account, std::uint8_t n,
                                        instant at) {
    if (delivered_.bind(message, account, n, part_event::deliver, at).run() == 0)
        return false;
    const bool some_missing = undelivered_.bind(message, account, part_event::deliver).row();
    undelivered_.reset();
    return !some_missing;
}

void failover_applier::undo() {
    known_.insert(gone_.begin(), gone_.end());
    gone_.clear();
}

} // namespace posthorn::store

#include "store/sqlite/applier_topics.hpp"

#include "store/feedback.hpp"
#include "store/ops.hpp"

namespace posthorn::store {

namespace {

// What the log calls the step from one to the other.
subscription_change step_between(const subscription& before, const subscription& after) {
    if (before.paused != after.paused)
        return after.paused ? subscription_change::paused : subscription_change::resumed;
    return subscription_change::changed;
}

} // namespace

topics_applier::topics_applier(SQLite::Database& db, tally& tallies, id_source& ids,
                               std::string& changes)
    : tallies_(tallies), ids_(ids), changes_(changes),
      find_(db, "SELECT language, paused, hours_from, hours_to, expires_at FROM subscription "
                "WHERE topic=? AND number=? AND parameter=?"),
      put_(db, "INSERT OR REPLACE INTO subscription VALUES(?,?,?,?,?,?,?,?)"),
      drop_(db, "DELETE FROM subscription WHERE topic=? AND number=? AND parameter=?"),
      drop_expired_(db, "DELETE FROM subscription WHERE topic=? AND number=? AND parameter=? "
                        "AND expires_at>0 AND expires_at<=?"),
      log_(db, "INSERT INTO subscription_log VALUES(?,?,?,?,?,?,?,?,?,?)"),
      find_publication_(db, "SELECT id FROM publication WHERE topic=? AND item=?"),
      add_publication_(db,
                       "INSERT INTO publication VALUES(?,?,?,?,?,?,?,?,?,'','',0,0,?,?,?,?,'')"),
      comes_of_(db, "UPDATE publication SET what=?2, happened_at=max(happened_at, ?3), "
                    "subject=CASE subject WHEN ?4 THEN subject ELSE '' END WHERE id=?1"),
      taken_back_(db, "UPDATE publication SET reason=?2 WHERE id=?1 AND done_at>0 AND reason=''"),
      advance_(db, "UPDATE publication SET through_number=?2, through_parameter=?3, made=made+?4, "
                   "done_at=?5, reason=?6, data=CASE WHEN ?5>0 THEN '' ELSE data END "
                   "WHERE id=?1 AND done_at=0"),
      event_of_(db, "SELECT event FROM publication WHERE id=?"),
      raise_version_(db, "UPDATE event SET version=version+1 WHERE id=?"),
      note_(db, "INSERT INTO occurrence VALUES(?1,?2) ON CONFLICT(topic) DO UPDATE SET at=?2 "
                "WHERE at<?2") {}

void topics_applier::log(std::string_view topic, std::string_view number,
                         std::string_view parameter, subscription_change what,
                         const subscription_deed& by) {
    log_.bind(ids_.next(by.at), by.at, topic, number, parameter, name_of(what), by.how, by.who,
              by.inbound, by.reason)
        .run();
    tallies_.add("subscriptions " + std::string(name_of(what)));
}

outcome topics_applier::apply(const put_subscription& o) {
    const auto& s = o.subscription;
    const bool known = find_.bind(s.topic, s.number, s.parameter).row();
    subscription before = s;
    if (known) {
        before.language = find_.text(0);
        before.paused = find_.number(1) != 0;
        before.hours = {static_cast<std::int16_t>(find_.number(2)),
                        static_cast<std::int16_t>(find_.number(3))};
        before.expires_at = find_.time(4);
    }
    find_.reset();
    if (known && before == s)
        return {.what = outcome::code::stale};
    put_.bind(s.topic, s.number, s.parameter, s.language, s.paused ? 1 : 0, s.hours.from,
              s.hours.to, s.expires_at)
        .run();
    log(s.topic, s.number, s.parameter,
        known ? step_between(before, s) : subscription_change::subscribed, o.by);
    return {.added = !known};
}

outcome topics_applier::apply(const drop_subscription& o) {
    const auto gone = o.expired ? drop_expired_.bind(o.topic, o.number, o.parameter, o.by.at).run()
                                : drop_.bind(o.topic, o.number, o.parameter).run();
    if (gone == 0) // or it was renewed
        return {.what = outcome::code::stale};
    log(o.topic, o.number, o.parameter,
        o.expired ? subscription_change::expired : subscription_change::unsubscribed, o.by);
    return {};
}

outcome topics_applier::apply(const add_publication& o) {
    if (find_publication_.bind(o.topic, o.item).row()) {
        const auto earlier = find_publication_.number(0);
        find_publication_.reset();
        if (!o.of.what.empty())
            comes_of_.bind(earlier, o.of.what, o.of.happened_at, o.of.subject).run();
        return {.what = outcome::code::stale, .event = earlier};
    }
    const auto id = ids_.next(o.at);
    add_publication_
        .bind(id, o.at, o.topic, o.item, o.parameter, o.data, o.not_before, o.expires_at, o.event,
              o.of.source, o.of.subject, o.of.what, o.of.happened_at)
        .run();
    tallies_.add("publications");
    return {.event = id};
}

outcome topics_applier::apply(const advance_publication& o) {
    const auto done_at = o.done ? o.at : instant{};
    if (advance_
            .bind(o.publication, o.through_number, o.through_parameter, o.made, done_at, o.reason)
            .run() == 0)
        return {.what = outcome::code::stale};
    if (o.done)
        tell_source(o.publication);
    return {};
}

// A result of its own, newer than "so far".
void topics_applier::tell_source(posthorn::id publication) {
    event_of_.bind(publication).row();
    const auto event = event_of_.number(0);
    event_of_.reset();
    if (event == 0)
        return;
    raise_version_.bind(event).run();
    pack(changes_, {event, change::kind::published});
}

void topics_applier::taken_back(posthorn::id publication, std::string_view reason) {
    if (taken_back_.bind(publication, reason).run() > 0)
        tell_source(publication);
}

outcome topics_applier::apply(const note_occurrence& o) {
    if (note_.bind(o.topic, o.occurrence).run() == 0)
        return {.what = outcome::code::stale};
    return {};
}

} // namespace posthorn::store

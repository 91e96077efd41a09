#include "store/sqlite/applier_withdrawal.hpp"

#include "model/event.hpp"
#include "model/state.hpp"
#include "store/ops.hpp"
#include "store/sqlite/applier_timers.hpp"
#include "store/sqlite/applier_topics.hpp"
#include "store/withdrawal_rules.hpp"

namespace posthorn::store {

namespace {

// Something of it may be at the phone, now or soon.
std::string may_have_arrived() {
    unsigned states = 0;
    for (const auto s :
         {message_state::sending, message_state::submitted, message_state::delivered,
          message_state::partial, message_state::unconfirmed, message_state::uncertain})
        states |= 1U << static_cast<unsigned>(s);
    return "(1 << m.state) & " + std::to_string(states);
}

// Its texts are about items of topics: no later event asks who was told of one.
std::string own_number() {
    return "ifnull((SELECT id FROM name WHERE kind='source' AND name='" + std::string(own_source) +
           "'), 0)";
}

} // namespace

withdrawal_applier::withdrawal_applier(SQLite::Database& db, timers_applier& timers,
                                       topics_applier& topics)
    : timers_(timers), topics_(topics), finder_(db),
      begin_(db, "INSERT OR REPLACE INTO withdrawal SELECT e.id, e.source, e.subject, ?2, " +
                     std::string(happened_column) +
                     ", e.type || ' ' || e.key FROM event AS e WHERE e.id=?1"),
      remember_(db, "INSERT INTO withdrawn SELECT e.source, ?2, ?3, " +
                        std::string(happened_column) +
                        ", e.type || ' ' || e.key, ?4 FROM event AS e WHERE e.id=?1 "
                        "ON CONFLICT(source, about, types) DO UPDATE SET "
                        "happened_at=excluded.happened_at, what=excluded.what, at=excluded.at "
                        "WHERE excluded.happened_at>=happened_at"),
      others_(db, "SELECT o.type FROM event AS e JOIN event AS o ON o.source=e.source "
                  "AND o.subject=e.subject AND o.subject <> '' WHERE e.id=?1 AND o.id<>?1 "
                  "LIMIT ?2"),
      items_(db, "SELECT p.id, p.what, e.type, e.key FROM event AS e JOIN publication AS p "
                 "ON p.source=e.source AND p.subject=e.subject AND p.subject <> '' "
                 "AND p.happened_at<=" +
                     std::string(happened_column) + " WHERE e.id=?1"),
      end_(db, "DELETE FROM withdrawal WHERE event=?"),
      cancel_(db, "INSERT OR IGNORE INTO cancellation SELECT e.id, e.type || ' ' || e.key, ?2, ?3 "
                  "FROM event AS e WHERE e.id=?1 AND e.parked IS NULL"),
      is_cancelled_(db, "SELECT 1 FROM cancellation WHERE event=?"),
      any_is_cancelled_(db, "SELECT 1 FROM cancellation LIMIT 1"),
      cancelled_items_(db, "SELECT p.id FROM cancellation AS c JOIN publication AS p ON " +
                               std::string(comes_of_it_alone) + " WHERE c.event=?"),
      end_cancel_(db, "DELETE FROM cancellation WHERE event=?"),
      event_(db, "SELECT e.source, e.subject, e.type, " + std::string(happened_column) +
                     ", e.key FROM event AS e WHERE e.id=? AND e.subject <> ''"),
      told_(db, "INSERT OR IGNORE INTO told SELECT m.recipient, m.source, ?2, m.type, ?3 "
                "FROM message AS m WHERE m.id=?1 AND " +
                    may_have_arrived()),
      subject_of_(db, "SELECT e.subject FROM message AS m JOIN event AS e ON e.id=m.event "
                      "WHERE m.id=? AND e.subject <> '' AND e.source <> " +
                          own_number()),
      forget_(db, "DELETE FROM withdrawn WHERE at<?"),
      forget_told_(db, "DELETE FROM told WHERE at<?") {}

void withdrawal_applier::begin(posthorn::id event, std::string_view patterns, instant at) {
    const bool has_subject = event_.bind(event).row();
    const auto about = has_subject ? hash_of_subject(event_.text(1)) : 0;
    if (has_subject)
        timers_.withdraw(static_cast<name_id>(event_.number(0)), event_.text(1), patterns,
                         event_.time(3));
    event_.reset();
    if (!has_subject)
        return;
    remember_.bind(event, about, patterns, at).run();
    const bool any_item = take_back_items(event, patterns);
    if (any_item || may_be_under_way(event, patterns))
        begin_.bind(event, patterns).run();
}

// A subject that very many events share is gone through beside the writer.
bool withdrawal_applier::may_be_under_way(posthorn::id event, std::string_view patterns) {
    constexpr std::size_t most = 100;
    std::size_t seen = 0;
    bool any = false;
    others_.bind(event, most);
    for (; !any && others_.row(); ++seen)
        any = means(patterns, others_.text(0));
    others_.reset();
    return any || seen == most;
}

// Items of topics that come of what it withdraws. True: there are some.
bool withdrawal_applier::take_back_items(posthorn::id event, std::string_view patterns) {
    std::vector<posthorn::id> meant;
    std::string own;
    items_.bind(event);
    while (items_.row()) {
        own = what_of(items_.text(2), items_.text(3));
        if (items_.text(1) != own && means(patterns, type_in(items_.text(1))))
            meant.push_back(items_.number(0));
    }
    items_.reset();
    for (const auto item : meant)
        topics_.taken_back(item, withdrawn_by(own));
    return !meant.empty();
}

std::string withdrawal_applier::reason_against(name_id source, const posthorn::event& e) {
    return e.subject.empty()
               ? std::string()
               : finder_.reason({source, e.subject, what_of(e.type, e.key), happened_at(e)});
}

std::string withdrawal_applier::reason_against(posthorn::id event) {
    std::string out;
    if (event_.bind(event).row())
        out = finder_.reason({static_cast<name_id>(event_.number(0)), event_.text(1),
                              what_of(event_.text(2), event_.text(4)), event_.time(3)});
    event_.reset();
    return out;
}

bool withdrawal_applier::is_cancelled(posthorn::id event) {
    if (!any_cancelled_) {
        any_cancelled_ = any_is_cancelled_.row();
        any_is_cancelled_.reset();
    }
    if (!*any_cancelled_)
        return false;
    const bool is = is_cancelled_.bind(event).row();
    is_cancelled_.reset();
    return is;
}

void withdrawal_applier::told(posthorn::id message, instant at) {
    if (subject_of_.bind(message).row()) {
        const auto about = hash_of_subject(subject_of_.text(0));
        told_.bind(message, about, at).run();
    }
    subject_of_.reset();
}

outcome withdrawal_applier::apply(const note_told& o) {
    for (const auto message : o.messages)
        told(message, o.at);
    return {};
}

outcome withdrawal_applier::apply(const cancel_event& o) {
    if (cancel_.bind(o.event, o.reason, o.at).run() == 0)
        return {.what = outcome::code::stale};
    any_cancelled_ = true;
    std::vector<posthorn::id> items;
    cancelled_items_.bind(o.event);
    while (cancelled_items_.row())
        items.push_back(cancelled_items_.number(0));
    cancelled_items_.reset();
    for (const auto item : items)
        topics_.taken_back(item, o.reason);
    return {};
}

outcome withdrawal_applier::apply(const end_withdrawal& o) {
    return applied_if((o.by_name ? end_cancel_ : end_).bind(o.event).run());
}

void withdrawal_applier::forget_before(instant then) {
    forget_.bind(then).run();
    forget_told_.bind(then).run();
}

} // namespace posthorn::store

#include "store/sqlite/applier_timers.hpp"

#include "store/ops.hpp"
#include "store/withdrawal_rules.hpp"

#include <algorithm>

namespace posthorn::store {

namespace {

constexpr std::string_view is_over = "made_at=?2, to_ref='', data='' WHERE made_at=0 AND ";

} // namespace

timers_applier::timers_applier(SQLite::Database& db, tally& tallies, id_source& ids)
    : tallies_(tallies), ids_(ids),
      find_(db, "SELECT id, type, due_at, made_at, occurred_at FROM timer_step "
                "WHERE subject=? AND source=? AND timer=?"),
      put_(db, "INSERT OR REPLACE INTO timer_step VALUES(?,?,?,?,?,?,0,?,?,?,?,?,?,?)"),
      drop_(db, "DELETE FROM timer_step WHERE id=?"),
      occurred_(db, "UPDATE timer_step SET occurred_at=?2 WHERE id=?1"),
      made_(db, "UPDATE timer_step SET " + std::string(is_over) + "id=?1 AND due_at=?3"),
      waiting_(db, "SELECT id, type FROM timer_step WHERE subject=? AND source=? "
                   "AND occurred_at<=? AND made_at=0"),
      cancel_(db, "UPDATE timer_step SET " + std::string(is_over) + "id=?1"),
      cancel_some_(db, "UPDATE timer_step SET " + std::string(is_over) +
                           "id IN (SELECT id FROM timer_step WHERE made_at=0 AND timer=?1 "
                           "LIMIT 500)"),
      forget_(db, "DELETE FROM timer_step WHERE id IN (SELECT id FROM timer_step "
                  "WHERE made_at>0 AND made_at<? LIMIT 1000)") {}

std::vector<timers_applier::known_step> timers_applier::known(const begin_timer& o) {
    std::vector<known_step> out;
    find_.bind(o.subject, o.source, o.timer);
    while (find_.row())
        out.push_back({find_.number(0), std::string(find_.text(1)), find_.time(2), find_.time(3),
                       find_.time(4)});
    find_.reset();
    return out;
}

outcome timers_applier::apply(const begin_timer& o) {
    const auto before = known(o);
    if (std::ranges::any_of(before, [&](const auto& s) { return s.occurred_at > o.occurred_at; }))
        return {.what = outcome::code::stale};
    for (const auto& s : before)
        if (s.made_at == instant{} && std::ranges::find(o.steps, s.type, &begun_step::type) ==
                                          o.steps.end()) // its time is over by the new dates
            drop(s);
    for (const auto& step : o.steps) {
        const auto found = std::ranges::find(before, step.type, &known_step::type);
        put(o, step, found == before.end() ? nullptr : &*found);
    }
    return {};
}

void timers_applier::put(const begin_timer& o, const begun_step& step, const known_step* before) {
    if (step.rule == step_rule::again) {
        if (before != nullptr)
            drop(*before);
        return;
    }
    const bool was_made = before != nullptr && before->made_at != instant{};
    if (was_made && (step.rule == step_rule::once || before->due_at == step.due_at)) {
        occurred_.bind(before->id, o.occurred_at).run();
        return;
    }
    const bool waited = before != nullptr && !was_made;
    put_.bind(waited ? before->id : ids_.next(o.at), o.subject, o.source, o.timer, step.type,
              step.due_at, o.type, o.key, o.to_kind, o.to_ref, o.data, o.occurred_at, o.run)
        .run();
    if (!waited)
        tallies_.add("timer steps waiting");
}

void timers_applier::drop(const known_step& step) {
    if (drop_.bind(step.id).run() != 0 && step.made_at == instant{})
        tallies_.add("timer steps waiting", -1);
}

bool timers_applier::made(posthorn::id step, instant due_at, instant at) {
    if (made_.bind(step, at, due_at).run() == 0)
        return false;
    tallies_.add("timer steps waiting", -1);
    tallies_.add("timer steps made");
    return true;
}

int timers_applier::withdraw(name_id source, std::string_view subject, std::string_view patterns,
                             instant occurred_until) {
    std::vector<posthorn::id> meant;
    waiting_.bind(subject, source, occurred_until);
    while (waiting_.row())
        if (means(patterns, waiting_.text(1)))
            meant.push_back(waiting_.number(0));
    waiting_.reset();
    for (const auto step : meant)
        drop_.bind(step).run();
    const auto gone = static_cast<int>(meant.size());
    tallies_.add("timer steps waiting", -gone);
    tallies_.add("timer steps withdrawn", gone);
    return gone;
}

outcome timers_applier::apply(const cancel_steps& o) {
    const int gone =
        o.step != 0 ? cancel_.bind(o.step, o.at).run() : cancel_some_.bind(o.timer, o.at).run();
    if (gone == 0)
        return {.what = outcome::code::stale};
    tallies_.add("timer steps waiting", -gone);
    tallies_.add("timer steps cancelled", gone);
    return {};
}

outcome timers_applier::apply(const forget_steps& o) {
    return {.what =
                forget_.bind(o.before).run() == 0 ? outcome::code::stale : outcome::code::applied};
}

} // namespace posthorn::store

// What parts are told: verdicts, receipts, decisions. A message of one part changes in one
// statement; a longer one changes its part, and is then folded again.
#include "store/sqlite/applier.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace posthorn::store {

namespace {

bool is_receipt(part_event e) {
    return e == part_event::deliver || e == part_event::fail || e == part_event::expire;
}

int run_told(std::optional<statement>& s, const tell_part& o) {
    if (!s)
        return 0;
    const auto& fifth = o.what == part_event::accept ? o.ref : o.reason;
    const int taken_back = o.what == part_event::defer && !o.counts ? 1 : 0;
    s->bind(o.message, o.attempts, o.code, o.at, fifth, o.mark, o.due_at, taken_back, o.n);
    return s->run();
}

// Each event leads to one state only, wherever it came from.
part_state leads_to(part_event event) {
    for (const auto from :
         {part_state::sending, part_state::queued, part_state::submitted, part_state::uncertain})
        if (const auto to = next(from, event); to != from)
            return to;
    throw std::logic_error("part_event that leads nowhere");
}

} // namespace

outcome applier::apply_one(const tell_part& o) {
    const outcome out = o.single ? tell_single(o) : tell_several(o);
    if (out.what == outcome::code::stale && is_receipt(o.what))
        return tell_history(o);
    if (out.what == outcome::code::applied)
        note_attempt(o);
    return out;
}

// An attempt that did not end the part is kept in a row of its own.
void applier::note_attempt(const tell_part& o) {
    const bool deferred = o.what == part_event::defer && o.counts;
    if (!deferred && o.what != part_event::doubt)
        return;
    add_attempt_.bind(o.message, o.n, o.attempts, o.at, deferred ? "deferred" : "uncertain", o.code)
        .run();
}

outcome applier::tell_single(const tell_part& o) {
    auto& s = told_[static_cast<std::size_t>(o.what)];
    auto before = message_state::sending; // any open one: only final ones are counted
    if (run_told(s.single_open, o) == 0) {
        if (!s.single_closed)
            return {.what = outcome::code::stale, .message = o.message};
        final_state_.bind(o.message);
        if (final_state_.row())
            before = static_cast<message_state>(final_state_.number(0));
        final_state_.reset();
        if (run_told(s.single_closed, o) == 0)
            return {.what = outcome::code::stale, .message = o.message};
    }
    const auto part = leads_to(o.what);
    const auto now = fold(std::span(&part, 1));
    if (o.what == part_event::defer)
        add_queue_.bind(o.pool, o.priority, o.source, o.due_at, o.message).run();
    else if (next(part_state::queued, o.what) != part_state::queued)
        drop_queue_of_.bind(o.message).run(); // it may have been waiting
    became_final(before, now);
    changed(o.message, now);
    return {.message = o.message, .state = now};
}

outcome applier::tell_several(const tell_part& o) {
    auto& s = told_[static_cast<std::size_t>(o.what)];
    if (run_told(s.part_open, o) == 0 && run_told(s.part_closed, o) == 0)
        return {.what = outcome::code::stale, .message = o.message};
    return refold(o.message, o.reason, o.at, o.what == part_event::defer ? o.due_at : instant{},
                  o.what == part_event::defer);
}

// Folds a long message again after one of its parts changed. Parts that have not left when another
// has failed never will: half a text helps nobody.
outcome applier::refold(posthorn::id message, std::string_view reason, instant at, instant due_at,
                        bool place_changes) {
    message_row_.bind(message);
    if (!message_row_.row())
        return {.what = outcome::code::stale, .message = message};
    const auto before = static_cast<message_state>(message_row_.number(0));
    const auto old_due = message_row_.time(1);
    const auto pool = message_row_.number(2), priority = message_row_.number(3);
    const auto source = message_row_.number(4);
    message_row_.reset();

    std::vector<part_state> states;
    part_states_.bind(message);
    while (part_states_.row())
        states.push_back(static_cast<part_state>(part_states_.number(1)));
    const auto failed = [](part_state p) {
        return is_final(p) && p != part_state::delivered && p != part_state::unconfirmed;
    };
    const auto queued = std::ranges::count(states, part_state::queued);
    if (queued > 0 && std::ranges::any_of(states, failed)) {
        std::ranges::replace(states, part_state::queued, part_state::cancelled);
        cancel_queued_parts_
            .bind(message, part_state::cancelled, "not sent: another part had failed")
            .run();
        drop_queue_.bind(pool, priority, source, old_due, message).run();
    } else if (queued == 0 || place_changes) {
        drop_queue_.bind(pool, priority, source, old_due, message).run();
        if (queued > 0)
            add_queue_.bind(pool, priority, source, due_at, message).run();
    }
    const auto now = fold(states);
    message_folded_.bind(message, now, is_final(now) ? at : instant{}, reason, due_at).run();
    became_final(before, now);
    changed(message, now);
    return {.message = message, .state = now};
}

// A receipt for a part that has left for history: kept here until its month has taken it.
outcome applier::tell_history(const tell_part& o) {
    late_part_.bind(o.message, o.n);
    const bool late = late_part_.row();
    late_part_.reset();
    if (!late)
        return {.what = outcome::code::stale, .message = o.message};
    const auto row = ids_.next(o.at);
    add_late_receipt_.bind(row, o.message, o.n, o.what, o.at, o.code).run();
    drop_late_.bind(o.message, o.n).run();
    tallies_.add("late receipts");
    pack(changes_, {row, change::kind::late});
    return {.message = o.message};
}

outcome applier::apply_one(const close_message& o) {
    message_row_.bind(o.message);
    const bool there = message_row_.row();
    message_row_.reset();
    if (!there)
        return {.what = outcome::code::stale, .message = o.message};
    drop_queue_of_.bind(o.message).run();
    const auto queued_to = next(part_state::queued, o.what);
    if (close_single_.bind(o.message, queued_to, fold(std::span(&queued_to, 1)), o.at, o.reason)
            .run()) {
        const auto now = fold(std::span(&queued_to, 1));
        became_final(message_state::queued, now);
        changed(o.message, now);
        return {.message = o.message, .state = now};
    }
    if (cancel_queued_parts_.bind(o.message, queued_to, o.reason).run() == 0)
        return {.what = outcome::code::stale, .message = o.message};
    return refold(o.message, o.reason, o.at, {}, false);
}

outcome applier::apply_one(const forget& o) {
    // The highest id may leave with its row, and must not be given again after a restart.
    remember_id_.bind(ids_.next(instant{})).run();
    if (o.feedback_through)
        forget_feedback_.bind(o.feedback_through).run();
    if (o.refused_through)
        forget_refused_.bind(o.refused_through).run();
    for (const auto& m : o.messages) {
        if (m.late) {
            late_single_.bind(m.message, m.version).run();
            late_parts_.bind(m.message, m.version).run();
        }
        if (forget_message_.bind(m.message, m.version).run() == 0)
            continue; // changed since it was copied: it will be copied again
        if (m.long_text) {
            forget_parts_.bind(m.message).run();
            forget_attempts_.bind(m.message).run();
        }
        forget_event_.bind(m.event).run();
    }
    for (const auto row : o.late_receipts)
        forget_late_.bind(row).run();
    return {};
}

} // namespace posthorn::store

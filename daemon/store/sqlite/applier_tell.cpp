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

int run_told(std::optional<statement>& s, const tell_part& o, name_id account) {
    if (!s)
        return 0;
    const auto& fifth = o.what == part_event::accept ? o.ref : o.reason;
    const int taken_back = o.what == part_event::defer && !o.counts ? 1 : 0;
    s->bind(o.message, o.attempts, o.code, o.at, fifth, o.mark, o.due_at, taken_back, account);
    return s->run();
}

// Where a place in the queue, or among those set aside, may be left.
bool may_wait(part_state s) { return s == part_state::queued || s == part_state::uncertain; }

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
    if (failovers_.knows(o.message)) {
        auto out = tell_failed_over(o);
        told_in_a_row_ = 0;
        return out;
    }
    const outcome out = tell_either(o);
    if (out.what == outcome::code::stale && is_receipt(o.what))
        return tell_history(o);
    if (out.what == outcome::code::applied)
        note_attempt(o);
    return out;
}

// In the queue, or set aside.
void applier::waits_no_more(posthorn::id message) {
    if (drop_queue_of_.bind(message).run() == 0)
        drop_aside_of_.bind(message).run();
    else
        policy_.waits_no_more(message);
}

// An attempt that did not end the part is kept in a row of its own.
void applier::note_attempt(const tell_part& o) {
    const bool deferred = o.what == part_event::defer && o.counts;
    if (!deferred && o.what != part_event::doubt)
        return;
    add_attempt_.bind(o.message, o.n, o.attempts, o.at, deferred ? "deferred" : "uncertain", o.code)
        .run();
}

// Nearly all parts are in the state in which their event is expected: they change in one statement,
// and their row is not read.
outcome applier::tell_single(const tell_part& o) {
    auto& s = told_[static_cast<std::size_t>(o.what)];
    if (o.account != 0 && run_told(s.usual, o, o.account) > 0)
        return told_single(o, o.account, usual_before(o.what).value());
    single_before_.bind(o.message);
    const bool there = single_before_.row();
    const auto was = static_cast<part_state>(there ? single_before_.number(0) : 0);
    const auto account = static_cast<name_id>(there ? single_before_.number(1) : 0);
    single_before_.reset();
    if (!there || run_told(is_final(was) ? s.closed : s.open, o, account) == 0)
        return {.what = outcome::code::stale, .message = o.message};
    return told_single(o, account, was);
}

outcome applier::told_single(const tell_part& o, name_id account, part_state was) {
    const auto part = leads_to(o.what);
    const auto now = fold(std::span(&part, 1));
    if (o.what == part_event::defer)
        add_queue_.bind(o.pool, o.priority, o.source, o.due_at, o.message).run();
    else if (may_wait(was) && next(part_state::queued, o.what) != part_state::queued)
        waits_no_more(o.message);
    moved(o.message, fold(std::span(&was, 1)), now);
    book_part(o.message, account, was, part, o.counts);
    changed(o.message, now);
    return {.message = o.message, .state = now};
}

const std::vector<applier::part_row>& applier::parts_of(posthorn::id message) {
    told_in_a_row_ = 0;
    part_rows_.clear();
    account_of_parts_ = 0;
    part_states_.bind(message);
    while (part_states_.row()) {
        account_of_parts_ = static_cast<name_id>(part_states_.number(3));
        part_rows_.push_back({static_cast<std::uint8_t>(part_states_.number(0)),
                              static_cast<part_state>(part_states_.number(1)),
                              static_cast<std::uint16_t>(part_states_.number(2))});
    }
    return part_rows_;
}

// What comes for the parts of one text mostly comes together: its rows are read once.
outcome applier::tell_several(const tell_part& o) {
    std::vector<part_state> before, now;
    bool changes = false;
    if (told_in_a_row_ != o.message)
        parts_of(o.message);
    for (const auto& p : part_rows_) {
        const bool meant = p.n == o.n && (o.attempts == 0 || o.attempts == p.attempts);
        before.push_back(p.state);
        now.push_back(meant ? next(p.state, o.what) : p.state);
        changes |= before.back() != now.back();
    }
    if (!changes)
        return {.what = outcome::code::stale, .message = o.message};
    const auto state = now.at(o.n - 1U);
    book_part(o.message, account_of_parts_, before.at(o.n - 1U), state, o.counts);
    const bool rest_as_it_was = o.what == part_event::accept || o.what == part_event::deliver;
    told_in_a_row_ = rest_as_it_was ? o.message : 0;
    part_rows_.at(o.n - 1U).state = state;
    if (o.what == part_event::accept)
        part_accepted_.bind(o.message, o.n, state, o.code, o.ref, o.at).run();
    else
        part_told_
            .bind(o.message, o.n, state, o.code, o.mark,
                  o.what == part_event::defer && !o.counts ? 1 : 0)
            .run();
    return refold(o.message, std::move(before), std::move(now), o.reason, o.at,
                  o.what == part_event::defer ? o.due_at : instant{});
}

// Folds a long message again after one of its parts changed. Parts that have not left when another
// has failed never will: half a text helps nobody. `due_at`: a part waits until then, 0 when none
// does anew.
outcome applier::refold(posthorn::id message, std::vector<part_state> before,
                        std::vector<part_state> now, std::string_view reason, instant at,
                        instant due_at) {
    const auto failed = [](part_state p) {
        return is_final(p) && p != part_state::delivered && p != part_state::unconfirmed;
    };
    const auto waiting = [](const auto& states) {
        return std::ranges::find(states, part_state::queued) != states.end();
    };
    const bool give_up = waiting(now) && std::ranges::any_of(now, failed);
    if (give_up) {
        told_in_a_row_ = 0;
        std::ranges::replace(now, part_state::queued, part_state::cancelled);
        cancel_queued_parts_
            .bind(message, part_state::cancelled, "not sent: another part had failed")
            .run();
    }
    if ((waiting(before) && !waiting(now)) || due_at != instant{})
        waits_no_more(message);
    const auto was = fold(before), is = fold(now);
    if (was != is || is_final(is) || due_at != instant{} || !reason.empty())
        message_folded_.bind(message, is, is_final(is) ? at : instant{}, reason, due_at).run();
    if (waiting(now) && due_at != instant{})
        queue_again_.bind(message).run();
    if (was == is && !is_final(is))
        return {.message = message, .state = is};
    moved(message, was, is);
    changed(message, is);
    return {.message = message, .state = is};
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
    if (failovers_.waits(o.message))
        return end_as_left(o);
    const auto to = next(part_state::queued, o.what);
    const auto state = fold(std::span(&to, 1));
    waits_no_more(o.message);
    if (close_single_.bind(o.message, to, state, o.at, o.reason).run() > 0) {
        moved(o.message, message_state::queued, state);
        changed(o.message, state);
        return {.message = o.message, .state = state};
    }
    std::vector<part_state> before, now;
    for (const auto& p : parts_of(o.message)) {
        before.push_back(p.state);
        now.push_back(p.state == part_state::queued ? to : p.state);
    }
    if (before == now)
        return {.what = outcome::code::stale, .message = o.message};
    cancel_queued_parts_.bind(o.message, to, o.reason).run();
    return refold(o.message, std::move(before), std::move(now), o.reason, o.at, {});
}

outcome applier::apply_one(const put_off& o) {
    if (drop_queue_of_.bind(o.message).run() == 0)
        return {.what = outcome::code::stale, .message = o.message};
    policy_.waits_no_more(o.message);
    put_off_.bind(o.message, o.until, o.reason).run();
    queue_again_.bind(o.message).run();
    if (!o.reason.empty()) {
        policy_.waits(o.message, o.until);
        note_decision(o.message, o.at, "put off", o.reason);
    }
    changed(o.message, message_state::queued);
    return {.message = o.message};
}

// The row stays, so that it counts once and leaves once.
outcome applier::apply_one(const go_by_email& o) {
    if (!policy_.is_put_off(o.message) || drop_queue_of_.bind(o.message).run() == 0)
        return {.what = outcome::code::stale, .message = o.message};
    policy_.waits_no_more(o.message);
    forget_parts_.bind(o.message).run();
    const auto& l = o.letter;
    become_letter_
        .bind(o.message, l.pool, l.coding, l.recipient, l.language, l.text, o.at, o.reason,
              l.wording)
        .run();
    if (!l.phone.empty())
        add_letter_.bind(o.message, l.phone).run();
    queue_again_.bind(o.message).run();
    note_decision(o.message, o.at, "by e-mail instead", o.reason);
    changed(o.message, message_state::queued);
    return {.message = o.message};
}

outcome applier::apply_one(const forget& o) {
    // The highest id may leave with its row, and must not be given again after a restart.
    remember_id_.bind(ids_.next(instant{})).run();
    if (o.feedback_through)
        forget_feedback_.bind(o.feedback_through).run();
    if (o.refused_through)
        forget_refused_.bind(o.refused_through).run();
    for (const auto& m : o.messages) {
        if (m.followed)
            withdrawals_.told(m.message, o.at);
        if (m.late) {
            late_single_.bind(m.message, m.version).run();
            late_parts_.bind(m.message, m.version).run();
        }
        if (forget_message_.bind(m.message, m.version).run() == 0)
            continue; // changed since it was copied: it will be copied again
        collapse_.gone(m.message);
        failovers_.forget(m.message);
        if (m.long_text) {
            forget_parts_.bind(m.message).run();
            forget_attempts_.bind(m.message).run();
            forget_letter_.bind(m.message).run();
            forget_decisions_.bind(m.message, m.event).run();
        }
        if (m.of_many)
            audience_.moved(m.event, m.message, m.state);
        else
            forget_event_.bind(m.event).run();
    }
    for (const auto& taken : o.late_receipts)
        if (forget_late_.bind(taken.receipt).run() > 0 && taken.message != 0)
            book_late(taken);
    for (const auto row : o.texts)
        forget_text_.bind(row).run();
    for (const auto event : o.expanded)
        audience_.told(event);
    for (const auto row : o.passed)
        forget_passed_.bind(row).run();
    for (const auto& part : o.late_parts)
        drop_late_.bind(part.message, part.n).run();
    if (o.operations_before != instant{}) {
        forget_operations_.bind(first_id_at(o.operations_before)).run();
        forget_books_.bind(slot_at(o.operations_before)).run();
        note_dropped_.bind(start_of(slot_at(o.operations_before))).run(); // rows may stay longer
        forget_old_decisions_.bind(first_id_at(o.operations_before)).run();
        audience_.forget_before(first_id_at(o.operations_before));
    }
    if (o.withdrawals_before != instant{})
        withdrawals_.forget_before(o.withdrawals_before);
    if (o.history_before != instant{})
        note_dropped_.bind(o.history_before).run();
    return {};
}

outcome applier::apply_one(const keep_learned& o) {
    keep_learned_.bind(o.account, o.record, o.adapter, o.at).run();
    return {};
}

outcome applier::apply_one(const note_clock& o) {
    note_clock_.bind(o.at).run();
    return {};
}

} // namespace posthorn::store

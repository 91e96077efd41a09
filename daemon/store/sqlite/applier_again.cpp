// Failover: a text leaves its account for another one. Until the intent of that one is committed nothing of
// it changes, so that whoever reads it sees no state that is not its last.
#include "store/sqlite/applier.hpp"

#include "model/failover.hpp"

#include <algorithm>

namespace posthorn::store {

namespace {

std::vector<part_state> states_in(const auto& parts) {
    std::vector<part_state> out;
    for (const auto& p : parts)
        out.push_back(p.state);
    return out;
}

} // namespace

std::optional<applier::failing_text> applier::failing(posthorn::id message) {
    failing_.bind(message);
    if (!failing_.row()) {
        failing_.reset();
        return std::nullopt;
    }
    failing_text out{.account = static_cast<name_id>(failing_.number(0)),
                     .pool = static_cast<name_id>(failing_.number(1)),
                     .source = static_cast<name_id>(failing_.number(3)),
                     .priority = static_cast<priority>(failing_.number(2)),
                     .doubt = static_cast<on_uncertain>(failing_.number(4)),
                     .coding = static_cast<coding>(failing_.number(5)),
                     .expires_at = failing_.time(6),
                     .single = failing_.number(7) == 1,
                     .parts = {}};
    const part_row only{1, static_cast<part_state>(failing_.number(8)),
                        static_cast<std::uint16_t>(failing_.number(9))};
    failing_.reset();
    out.parts = out.single ? std::vector{only} : parts_of(message);
    return out;
}

bool applier::may_fail_over(const failing_text& text, const fail_over& o) {
    const bool its_own = std::ranges::any_of(text.parts, [&](const part_row& p) {
        return p.n == o.told.n && p.state == part_state::submitted;
    });
    return its_own && text.account == o.told.account && text.coding != coding::email &&
           text.expires_at > o.told.at && failovers_.times(o.told.message) < o.at_most &&
           posthorn::may_fail_over(states_in(text.parts), text.doubt);
}

outcome applier::apply_one(const fail_over& o) {
    const auto& r = o.told;
    const bool overdue = r.what == part_event::give_up;
    const outcome stale{.what = outcome::code::stale, .message = r.message};
    const auto otherwise = [&] { return overdue ? stale : apply_one(r); };
    if (failovers_.waits(r.message)) { // for another of its parts
        if (overdue || account_of(r.message) != r.account)
            return otherwise();
        return failovers_.hold(r.message, r.n, r.what, r.code, r.at)
                   ? outcome{.message = r.message, .state = message_state::submitted}
                   : stale;
    }
    const auto text = failing(r.message);
    if (!text || !may_fail_over(*text, o))
        return otherwise();
    failovers_.begin(r.message);
    if (!overdue)
        failovers_.hold(r.message, r.n, r.what, r.code, r.at);
    put_off_.bind(r.message, r.at, "").run();
    queue_again_.bind(r.message).run();
    note_decision(r.message, r.at, "goes by another account", o.why);
    tallies_.add("failovers");
    changed(r.message, message_state::submitted);
    return {.message = r.message,
            .state = message_state::submitted,
            .fails_over = true,
            .priority = text->priority,
            .pool = text->pool,
            .source = text->source};
}

// Something is said of it while it waits, or after it has gone by another one.
outcome applier::tell_failed_over(const tell_part& o) {
    const bool receipt =
        o.what == part_event::deliver || o.what == part_event::fail || o.what == part_event::expire;
    if (receipt && o.account != 0 && account_of(o.message) != o.account)
        return tell_before(o);
    const outcome out = tell_either(o);
    if (out.what == outcome::code::applied && is_final(out.state) && failovers_.waits(o.message)) {
        waits_no_more(o.message);
        failovers_.go_on(o.message);
    }
    if (out.what == outcome::code::applied)
        note_attempt(o);
    return out;
}

// That it failed there, everybody acts on already. That all of it arrived after all ends it, unless some of
// it is still to leave by the account that has it now: then that one has the last word.
outcome applier::tell_before(const tell_part& o) {
    const outcome stale{.what = outcome::code::stale, .message = o.message};
    if (o.what != part_event::deliver ||
        !failovers_.delivered_before(o.message, o.account, o.n, o.at))
        return stale;
    const auto text = failing(o.message);
    if (!text)
        return stale;
    tell_part arrived{.message = o.message,
                      .single = text->single,
                      .what = part_event::deliver,
                      .mark = "by the account before",
                      .at = o.at};
    if (std::ranges::any_of(text->parts, [](auto& p) { return p.state == part_state::queued; }))
        return stale;
    outcome out = stale;
    for (const auto& p : text->parts) {
        arrived.n = p.n;
        if (const auto done = tell_either(arrived); done.what == outcome::code::applied)
            out = done;
    }
    return out;
}

// It does not go by another one after all: what its account said of it counts.
outcome applier::end_as_left(const close_message& o) {
    waits_no_more(o.message);
    failovers_.go_on(o.message);
    note_decision(o.message, o.at, "not by another account", o.reason);
    outcome out{.message = o.message, .state = message_state::submitted};
    const auto text = failing(o.message);
    for (const auto& held : failovers_.held(o.message)) {
        const auto done = tell_either({.message = o.message,
                                       .n = held.n,
                                       .single = !text || text->single,
                                       .what = held.what,
                                       .code = held.code,
                                       .reason = "the carrier reports: " + held.code +
                                                 "; not sent by another account: " + o.reason,
                                       .at = o.at});
        if (done.what == outcome::code::applied)
            out = done;
    }
    return out;
}

// All of it is as if it had never left, but for its attempts: the account gets the rest of the intent.
bool applier::take_from_before(const open_parts& o) {
    const auto text = failing(o.message);
    if (!text || !failovers_.waits(o.message) || (!text->single && !o.made))
        return false;
    book_taken_back(o.message, text->account, text->parts);
    std::string code = "no receipt in time"; // where nothing else is known
    for (const auto& held : failovers_.held(o.message))
        code = held.code;
    for (const auto& p : text->parts)
        add_attempt_.bind(o.message, p.n, p.attempts, o.at, "went by another account", code).run();
    if (text->single)
        requeue_single_.bind(o.message).run();
    else
        requeue_message_.bind(o.message).run();
    moved(o.message, fold(states_in(text->parts)), message_state::queued);
    failovers_.go_on(o.message);
    return true;
}

void applier::book_taken_back(posthorn::id message, name_id account,
                              const std::vector<part_row>& parts) {
    for (const auto& p : parts) {
        tallies_.book(message, account, in(p.state), -1);
        if (is_behind_accepted(p.state))
            tallies_.book(message, account, booked::accepted, -1);
        tallies_.book(message, account, booked::sent_again);
    }
}

// The parts that it has now.
void applier::count_repeats(posthorn::id message) {
    const int single = repeated_single_.bind(message).run();
    tallies_.add("repeats", single + repeat_parts_.bind(message).run());
}

} // namespace posthorn::store

// Events, messages, intents and housekeeping; what parts are told is in applier_tell.cpp.
#include "store/sqlite/applier.hpp"

#include <algorithm>
#include <vector>

namespace posthorn::store {

namespace {

std::vector<part_state> states_of(const message& m) {
    std::vector<part_state> out;
    out.reserve(m.parts.size());
    for (const auto& p : m.parts)
        out.push_back(p.state);
    return out;
}

} // namespace

outcome applier::apply(const op& operation) {
    auto out = std::visit(
        [&](const auto& o) {
            if constexpr (requires { bindings_.apply(o); })
                return bindings_.apply(o);
            else if constexpr (requires { topics_.apply(o); })
                return topics_.apply(o);
            else if constexpr (requires { reports_.apply(o); })
                return reports_.apply(o);
            else if constexpr (requires { audience_.apply(o); })
                return audience_.apply(o);
            else if constexpr (requires { erasure_.apply(o); })
                return erasure_.apply(o);
            else if constexpr (requires { policy_.apply(o); })
                return policy_.apply(o);
            else if constexpr (requires { collapse_.apply(o); })
                return collapse_.apply(o);
            else if constexpr (requires { withdrawals_.apply(o); })
                return withdrawals_.apply(o);
            else if constexpr (requires { timers_.apply(o); })
                return timers_.apply(o);
            else if constexpr (requires { wordings_.apply(o); })
                return wordings_.apply(o);
            else
                return apply_one(o);
        },
        operation);
    if (!std::holds_alternative<tell_part>(operation))
        told_in_a_row_ = 0;
    return out;
}

void applier::changed(posthorn::id message, message_state now) {
    pack(changes_, {message, is_final(now) ? change::kind::message_final : change::kind::message});
}

void applier::refuse_row(const add_event& o, std::string_view what, std::string_view reason) {
    if (o.event.outbox_id == 0) {
        tallies_.add(what);
        return;
    }
    const auto row = ids_.next(o.at);
    add_refused_
        .bind(row, o.source, o.event.outbox_id, o.event.key, o.event.type, what, reason, o.at)
        .run();
    tallies_.add(what);
    pack(changes_, {row, change::kind::refused});
}

// The outcome when the key is known; nothing when the event behind it was parked and is replaced.
std::optional<outcome> applier::known_key(const add_event& o, const key_entry& known) {
    const bool no_row = o.event.outbox_id == 0; // its sender is told at once, and may ask again
    if (no_row && known.outbox_id < 0 && known.hash == o.event.content_hash)
        return outcome{.what = outcome::code::replay, .event = known.event};
    if (known.outbox_id == o.event.outbox_id && known.hash == o.event.content_hash)
        return outcome{.what = outcome::code::replay, .event = known.event};
    if (known.hash == o.event.content_hash) {
        refuse_row(o, "duplicate",
                   "the same event was taken in before, as row " + std::to_string(known.outbox_id) +
                       ": nothing was sent for this row");
        return outcome{.what = outcome::code::duplicate, .event = known.event};
    }
    parked_event_.bind(known.event);
    const bool parked = parked_event_.row();
    parked_event_.reset();
    if (parked)
        return std::nullopt;
    refuse_row(o, "key_reused",
               "the key was used before, by row " + std::to_string(known.outbox_id) +
                   ", for other content: give this event a key of its own");
    return outcome{.what = outcome::code::reused, .event = known.event};
}

std::int64_t applier::next_without_row() {
    next_without_row_.row();
    const auto number = next_without_row_.number(0);
    next_without_row_.reset();
    return number;
}

void applier::carry_out_along(const add_event& o, posthorn::id event) {
    for (const auto& with_it : o.along->ops)
        if (const auto* item = std::get_if<add_publication>(&with_it)) {
            auto of_it = *item;
            of_it.event = event;
            topics_.apply(of_it);
        } else {
            apply(with_it);
        }
}

outcome applier::apply_one(const add_event& o) {
    const auto& e = o.event;
    const auto known = keys_.find(o.source, e.key);
    if (known)
        if (const auto decided = known_key(o, *known))
            return *decided;

    outcome out;
    out.event = known ? known->event : ids_.next(o.at);
    const auto row = e.outbox_id != 0 ? e.outbox_id : next_without_row();
    const key_entry entry{out.event, row, e.content_hash};
    const auto hash = static_cast<std::int64_t>(e.content_hash);
    if (known && o.parked.empty())
        note_no_longer_parked(out.event);
    const auto write = [&](auto&& parked) {
        if (known)
            replace_event_
                .bind(out.event, row, hash, e.type, e.run, e.subject, e.to_kind, e.to_ref, e.data,
                      e.occurred_at, e.not_before, e.expires_at, e.created_at, e.received_at,
                      parked)
                .run();
        else
            add_event_
                .bind(out.event, o.source, row, e.key, hash, e.type, e.run, e.subject, e.to_kind,
                      e.to_ref, e.data, e.occurred_at, e.not_before, e.expires_at, e.created_at,
                      e.received_at, parked)
                .run();
    };
    if (o.parked.empty())
        write(nullptr);
    else
        write(o.parked);
    const int parked = (o.parked.empty() ? 0 : 1) - (known ? 1 : 0);
    if (known) {
        keys_.replace(o.source, e.key, entry);
    } else {
        keys_.add(o.source, e.key, entry);
        tallies_.add("events");
        tallies_.book(out.event, 0, booked::event);
    }
    tallies_.add("parked", parked);
    tallies_.book(out.event, 0, booked::parked, parked);
    if (o.parked.empty() && !o.withdraws.empty()) // before what it begins itself
        withdrawals_.begin(out.event, o.withdraws, o.at);
    if (o.along)
        carry_out_along(o, out.event);
    if (!o.parked.empty()) {
        pack(changes_, {out.event, change::kind::event_parked});
        return out;
    }
    book_event(out.event, o.message, o.for_many);
    if (o.message.parts.empty()) {
        begin_without_message(out.event, o.for_many);
        return out;
    }
    if (const auto why = withdrawals_.reason_against(o.source, e); !why.empty()) {
        add_needless(out, o.message, o.source, why, o.at);
        return out;
    }
    out.message = add_message(o.message, out.event, o.source, o.reason, o.at, booked::first);
    out.state = fold(states_of(o.message));
    if (o.put_off) {
        policy_.waits(out.message, o.message.due_at);
        note_decision(out.message, o.at, "put off", o.reason);
    }
    if (o.counts)
        policy_.count(out.message, *o.counts);
    if (o.covers)
        collapse_.covers(out.message, *o.covers);
    return out;
}

outcome applier::apply_one(const release_event& o) {
    if (!o.parked.empty()) {
        if (park_event_.bind(o.event, o.parked).run() == 0)
            return {.what = outcome::code::stale};
        pack(changes_, {o.event, change::kind::event_parked});
        return {.event = o.event};
    }
    note_no_longer_parked(o.event);
    if (release_event_.bind(o.event).run() == 0)
        return {.what = outcome::code::stale};
    tallies_.add("parked", -1);
    tallies_.book(o.event, 0, booked::parked, -1);
    book_event(o.event, o.message, o.for_many);
    outcome out{.event = o.event};
    if (!o.withdraws.empty())
        withdrawals_.begin(o.event, o.withdraws, o.at);
    if (o.message.parts.empty()) {
        begin_without_message(out.event, o.for_many);
        return out;
    }
    if (const auto why = withdrawals_.reason_against(o.event); !why.empty()) {
        add_needless(out, o.message, o.message.source, why, o.at);
        return out;
    }
    out.message = add_message(o.message, o.event, o.message.source, o.reason, o.at, booked::first);
    out.state = fold(states_of(o.message));
    return out;
}

// As if it had been withdrawn while it waited: no intent was made of it.
void applier::add_needless(outcome& out, message m, name_id source, const std::string& why,
                           instant at) {
    for (auto& p : m.parts) {
        p.state = part_state::cancelled;
        p.attempts = 0;
    }
    m.account = 0;
    out.message = add_message(m, out.event, source, why, at, booked::first);
    out.state = message_state::cancelled;
}

outcome applier::apply_one(const make_step& o) {
    if (!timers_.made(o.step, o.due_at, o.event.at))
        return {.what = outcome::code::stale};
    return apply_one(o.event);
}

void applier::begin_without_message(posthorn::id event, bool for_many) {
    if (for_many)
        audience_.begin(event);
    else
        pack(changes_, {event, change::kind::published});
}

// A chunk that was under way when its event was cancelled is not made.
outcome applier::apply_one(const add_recipient& o) {
    outcome out{.event = o.event};
    if (withdrawals_.is_cancelled(o.event)) {
        out.what = outcome::code::stale;
        return out;
    }
    out.message =
        add_message(o.message, o.event, o.message.source, o.reason, o.at, booked::of_many);
    out.state = fold(states_of(o.message));
    audience_.made(o.event, out.message);
    if (const auto& m = o.message; o.first)
        audience_.told_first(o.event, m.phone.empty() ? m.recipient : m.phone);
    return out;
}

outcome applier::apply_one(const advance_expansion& o) {
    if (o.made > 0 && withdrawals_.is_cancelled(o.event))
        return {.what = outcome::code::stale, .event = o.event};
    return audience_.advance(o);
}

posthorn::id applier::add_message(const message& m, posthorn::id event, name_id source,
                                  std::string_view reason, instant at, booked how) {
    const auto id = ids_.next(at);
    const auto states = states_of(m);
    const auto state = fold(states);
    const auto final_at = is_final(state) ? at : instant{};
    const auto opened_at = [&](const part& p) { return p.attempts > 0 ? at : instant{}; };
    const auto add = [&](const auto&... part_columns) {
        add_message_
            .bind(id, event, state, m.parts.size(), source, m.type, m.pool, m.account, m.priority,
                  m.coding, m.doubt, m.recipient, m.sender, m.language, m.text, m.due_at,
                  m.expires_at, final_at, reason, part_columns..., m.wording)
            .run();
    };
    if (m.parts.size() == 1) {
        const auto& p = m.parts.front();
        add(p.state, p.attempts, opened_at(p));
    } else {
        add(nullptr, nullptr, nullptr);
        for (const auto& p : m.parts)
            add_part_.bind(id, p.n, p.state, p.attempts, opened_at(p), blob{p.octets}).run();
    }
    if (!m.phone.empty())
        add_letter_.bind(id, m.phone).run();
    if (std::ranges::find(states, part_state::queued) != states.end())
        add_queue_.bind(m.pool, m.priority, source, m.due_at, id).run();
    if (m.household != 0 && !is_final(state))
        collapse_.waits(id, m.household);
    tallies_.add("messages");
    tallies_.book(id, 0, how);
    tallies_.book(id, 0, in(message_state::queued));
    moved(id, message_state::queued, state);
    book_parts(id, m);
    changed(id, state);
    return id;
}

outcome applier::apply_one(const open_parts& o) {
    if (o.again && !take_from_before(o))
        return {.what = outcome::code::stale, .message = o.message};
    if (o.made && !make_parts(o.message, *o.made))
        return {
            .what = outcome::code::stale, .message = o.message, .state = message_state::sending};
    outcome out = o.single ? open_single(o) : open_several(o);
    if (out.what != outcome::code::applied)
        return out;
    if (!o.more_queued)
        drop_queue_.bind(o.pool, o.priority, o.source, o.due_at, o.message).run();
    if (o.counts)
        policy_.count(o.message, *o.counts);
    if (o.covers)
        collapse_.covers(o.message, *o.covers);
    for (const auto& p : o.parts)
        if (p.uncertain)
            tallies_.add("repeats");
    if (o.again)
        count_repeats(o.message);
    return out;
}

bool applier::make_parts(posthorn::id message, const made_parts& made) {
    const auto& parts = made.parts;
    const auto change = [&](const auto&... only_part) {
        return remake_message_.bind(message, made.coding, parts.size(), only_part...).run();
    };
    const bool single = parts.size() == 1;
    if ((single ? change(part_state::queued, parts.front().attempts) : change(nullptr, nullptr)) ==
        0)
        return false;
    forget_parts_.bind(message).run();
    if (!single)
        for (const auto& p : parts)
            add_part_.bind(message, p.n, part_state::queued, p.attempts, instant{}, blob{p.octets})
                .run();
    return true;
}

outcome applier::open_single(const open_parts& o) {
    const auto& p = o.parts.front();
    const auto from = p.uncertain ? part_state::uncertain : part_state::queued;
    const auto to = next(from, part_event::open);
    const auto before = p.uncertain ? account_of(o.message) : name_id{};
    const int rows = open_single_
                         .bind(o.message, p.attempts, from, to, fold(std::span(&to, 1)),
                               p.uncertain ? 1 : 0, o.at, o.account, o.sender)
                         .run();
    if (rows == 0)
        return {
            .what = outcome::code::stale, .message = o.message, .state = message_state::sending};
    moved(o.message, fold(std::span(&from, 1)), message_state::sending);
    book_opened(o, before, {});
    return {.message = o.message, .state = message_state::sending};
}

outcome applier::open_several(const open_parts& o) {
    outcome out{.message = o.message, .state = message_state::sending};
    const auto& before = parts_of(o.message);
    std::size_t fits = 0;
    for (const auto& was : before)
        for (const auto& p : o.parts)
            fits += was.n == p.n && was.attempts == p.attempts &&
                    was.state == (p.uncertain ? part_state::uncertain : part_state::queued);
    if (fits != o.parts.size()) {
        out.what = outcome::code::stale;
        return out;
    }
    for (const auto& p : o.parts)
        open_part_.bind(o.message, p.n, part_state::sending, p.uncertain ? 1 : 0, o.at).run();
    std::vector<part_state> states;
    for (const auto& was : before)
        states.push_back(was.state);
    moved(o.message, fold(states), message_state::sending);
    book_opened(o, account_of_parts_, before);
    message_opened_.bind(o.message, message_state::sending, o.account, o.sender).run();
    return out;
}

outcome applier::apply_one(const add_receipt& o) {
    const auto row = ids_.next(o.at);
    add_receipt_.bind(row, o.account, o.ref, o.what, o.code, o.recipient, o.sender, o.excerpt, o.at)
        .run();
    tallies_.add("unmatched receipts");
    return {.event = row};
}

outcome applier::apply_one(const add_cost& o) {
    const auto& of = o.of;
    add_cost_.bind(of.day, of.account, of.source, of.type, of.currency, o.parts, o.price).run();
    return {};
}

outcome applier::apply_one(const drop_receipt& o) {
    if (drop_receipt_.bind(o.receipt).run() == 0)
        return {.what = outcome::code::stale};
    tallies_.add("unmatched receipts", -1);
    return {};
}

outcome applier::apply_one(const add_name& o) {
    add_name_.bind(o.kind, o.name).run();
    find_name_.bind(o.kind, o.name).row();
    const auto number = static_cast<name_id>(find_name_.number(0));
    find_name_.reset();
    return {.name = number};
}

} // namespace posthorn::store

// What people decide about sending: pauses and stops.
#include "delivery/desk.hpp"

#include <algorithm>

namespace posthorn::delivery {

void desk::pause(store::pause what, store::scope_numbers numbers, store::operation by) {
    std::vector<store::op> ops;
    ops.emplace_back(what);
    ops.emplace_back(std::move(by));
    store().submit(std::move(ops), {}, true);
    pauses_.add(std::move(what), numbers);
    turn_away_all();
}

// Lifted here before it is committed: what is set aside from now on is of other pauses, and all
// that was of this one is in the store by then.
bool desk::resume(const scope& which, store::operation by) {
    const auto lifted = pauses_.remove(which);
    const bool warned = let_go(which, lifted);
    if (lifted.empty() && !warned)
        return false;
    go_on(which, std::move(by));
    return true;
}

void desk::go_on(const scope& which, store::operation by) {
    std::vector<store::op> ops;
    ops.emplace_back(store::resume{which});
    ops.emplace_back(std::move(by));
    store().submit(std::move(ops), {}, true); // in the order of what people say, as pauses are
    for (auto& l : lanes_)
        l->wake();
}

void desk::withdraw(posthorn::id message, store::operation by, std::function<void()> done) {
    const std::string reason = "cancelled: " + by.reason;
    std::vector<store::op> ops;
    ops.emplace_back(std::move(by));
    withdraw(std::span(&message, 1), reason, std::move(done), std::move(ops));
}

// In hand it is marked, so that an intent that is being committed is taken back, and closed where it
// only waits; what is said of it once more changes nothing.
void desk::withdraw(std::span<const posthorn::id> messages, const std::string& reason,
                    std::function<void()> done, std::vector<store::op> ops) {
    bool urgent = false;
    for (const auto message : messages) {
        if (const auto found = in_hand_.find(message); found != in_hand_.end()) {
            found->second->withdrawn = reason;
            urgent |= found->second->message.priority == priority::urgent;
        }
        ops.emplace_back(store::close_message{message, part_event::cancel, reason, now()});
    }
    store().submit(
        std::move(ops), [done = std::move(done)](auto) { done(); }, urgent);
    turn_away_all();
}

bool desk::takes_back(name_id account) const {
    return std::ranges::any_of(lanes_, [&](const auto& l) {
        return l->settings().account_number == account && l->settings().takes_back;
    });
}

bool desk::any_takes_back() const {
    return std::ranges::any_of(lanes_, [](const auto& l) { return l->settings().takes_back; });
}

void desk::recall(const store::submitted_part& which, std::string reason,
                  std::function<void(sdk::cancellation)> done) {
    const auto& m = which.message;
    auto* l = lane_of(m.account);
    if (!l || which.ref.empty()) {
        done({sdk::cancellation::kind::cannot,
              l ? "the carrier gave it no id" : "its account is not configured any more"});
        return;
    }
    auto answered = [this, which, l, reason = std::move(reason),
                     done = std::move(done)](sdk::cancellation said) {
        if (said.what != sdk::cancellation::kind::cancelled)
            return done(std::move(said));
        const auto key = l->adapter().match_key(which.ref, false);
        const auto* known = references_.find(which.message.account, key);
        const bool ours = known && known->message == which.message.id; // the id may be used again
        const auto named = ours ? known->parts : part_range{which.n, which.n};
        std::vector<store::op> ops;
        for (const auto n : named.numbers()) {
            auto op = telling(which.message, n, part_event::cancel);
            op.single = which.single;
            op.code = said.code;
            op.reason = reason + " (taken back by the carrier)";
            ops.emplace_back(std::move(op));
        }
        if (ours)
            references_.done_alone(which.message.account, key);
        store().submit(std::move(ops), [done, said](auto) { done(said); });
    };
    l->adapter().cancel({which.ref, m.recipient, m.sender}, std::move(answered));
}

// All that is in hand and has not been opened.
void desk::turn_away_all() {
    std::vector<outgoing_ptr> held;
    for (auto& [name, f] : flows_.all())
        std::erase_if(f.waiting, [&](outgoing_ptr& o) {
            if (!is_held(*o))
                return false;
            held.push_back(std::move(o));
            return true;
        });
    for (auto& l : lanes_)
        l->give_up_held(held);
    for (const auto& o : held)
        turn_away(o);
}

bool desk::turn_away(const outgoing_ptr& o) {
    if (!is_held(*o))
        return keep_back(o);
    if (!o->withdrawn.empty()) {
        close(o, part_event::cancel, o->withdrawn);
        return true;
    }
    const auto* why = why_held(o->message, o->is_first());
    if (why == nullptr) {
        close(o, part_event::suppress, forbidden(o->message));
        return true;
    }
    cancelled_in_hand_ += why->stopped;
    if (why->stopped)
        close(o, part_event::cancel, reason_of(*why));
    else
        set_aside(o);
    return true;
}

// Out of hand. Parts that were to be sent again are as uncertain as before.
void desk::set_aside(const outgoing_ptr& o) {
    auto& m = o->message;
    std::vector<part_opened> again;
    for (auto& p : m.parts)
        if (const auto found = resending_.extract({m.id, p.n})) {
            p.state = part_state::uncertain;
            again.push_back({p.n, found.mapped()});
        }
    add_doubts(o, again);
    for (const auto& p : again)
        if (doubt d; doubts_.take(m.id, p.n, d)) {
            d.resend_at = now();
            doubts_.add(std::move(d));
        }
    if (o->queued_parts() == 0)
        return;
    if (o->fresh) { // claimed when it is stored, and set aside then
        std::vector<store::add_event> events;
        events.push_back(adding(*o, now()));
        return store_in_queue(std::move(events));
    }
    std::vector<store::op> ops;
    ops.emplace_back(store::set_aside{m.id});
    store().submit(
        std::move(ops), [o](auto) {}, m.priority == priority::urgent);
}

} // namespace posthorn::delivery

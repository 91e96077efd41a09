// Texts that failed by one account, or have no receipt of it in time, and go once more by another, where
// their types say so. Whether one does is decided by the store, which knows all of its parts; from there it
// comes like everything that waits.
#include "delivery/desk.hpp"

#include <algorithm>

namespace posthorn::delivery {

namespace {

constexpr duration until_others_can = std::chrono::seconds(5);

} // namespace

void desk::look_for_failover() {
    any_failover_ = std::ranges::any_of(
        settings_.types, [](const auto& t) { return t.second.failover.has_value(); });
}

const failover_rule* desk::failover_of(name_id type) const {
    if (!any_failover_)
        return nullptr;
    const auto found = settings_.types.find(type);
    const bool asks = found != settings_.types.end() && found->second.failover;
    return asks ? &*found->second.failover : nullptr;
}

// A part was accepted `since`, and its receipt is about to be awaited.
void desk::mind_failover(const lane& from, const failover_rule& rule, std::string_view ref,
                         instant since, references::entry& e) {
    if (!from.settings().receipts || lanes_.size() < 2)
        return;
    const auto most = static_cast<std::uint8_t>(rule.at_most);
    if (rule.undelivered)
        e.failovers = most;
    const auto account = from.settings().account_number;
    if (rule.no_receipt)
        awaited_.add({.until = since + rule.after,
                      .name = references::name_of(account, from.adapter().match_key(ref, false)),
                      .message = e.message,
                      .account = account,
                      .failovers = most});
}

void desk::look_for_missing_receipts(instant now) {
    for (const auto& due : awaited_.take_due(now))
        if (const auto* e = references_.still_waits(due.name, due.message))
            fail_over({.message = due.message,
                       .account = due.account,
                       .n = e->parts.first,
                       .single = e->single,
                       .what = part_event::give_up,
                       .at = now},
                      due.failovers);
}

void desk::fail_over(store::tell_part told, unsigned at_most) {
    const auto* from = lane_of(told.account);
    const auto name = from != nullptr ? from->settings().account : std::string("its account");
    auto why = told.what == part_event::give_up ? name + " has no receipt in time"
                                                : name + " did not deliver it: " + told.code;
    failing_.emplace_back(store::fail_over{std::move(told), at_most, std::move(why)});
}

void desk::submit_failing() {
    store().submit(std::exchange(failing_, {}), [this](std::span<const store::outcome> outcomes) {
        for (const auto& o : outcomes)
            if (o.fails_over) {
                ++seen_["failed over"];
                queued({o.pool, o.priority, o.source}, now());
            }
    });
}

// Claimed from the store: where an account has it still, it begins anew by another one.
void desk::goes_again(outgoing& o, store::tried_before before) {
    o.failed_by = std::move(before.accounts);
    o.again = before.waits;
    if (o.again)
        for (auto& p : o.message.parts)
            p.state = part_state::queued; // for the lane; the store knows better
}

// By one that has not failed it. What another one has put off or not sent may wait for that one.
void desk::wait_for_another(outgoing_ptr o) {
    auto* l = other_lane(*o);
    if (!l && !o->again)
        l = lane_of(o->message.account);
    if (l) {
        l->take_back(std::move(o));
        l->wake();
        return;
    }
    const auto pool = o->waits_in().pool;
    const bool any = std::ranges::any_of(lanes_, [&](const auto& other) {
        return !other->winding_up() && !o->has_failed_by(other->settings().account_number) &&
               takes_from(*other, pool);
    });
    if (o->message.expires_at <= now())
        close(o, part_event::expire, "its time was over before it could be sent");
    else if (any)
        put_off(o, {.what = policy::decision::kind::wait, .until = now() + until_others_can});
    else
        close(o, part_event::suppress, "no other account carries it");
}

bool desk::is_for_another(const lane& than, const outgoing_ptr& o) {
    if (!o->has_failed_by(than.settings().account_number))
        return false;
    wait_for_another(o);
    return true;
}

// It was counted when it left first, and was let go: only quiet hours may have begun since.
bool desk::keep_back_again(const outgoing_ptr& o) {
    using kind = policy::decision::kind;
    auto said = over_budget(o->message); // it is paid for once more
    const auto facts = facts_of(o->message);
    if (said.what == kind::may && facts)
        said = judge_.ask_time(*facts, now());
    said.by_email.clear(); // it has begun as a text
    if (said.what == kind::wait)
        put_off(o, std::move(said));
    else if (said.what != kind::may)
        close(o, part_event::expire, std::move(said.reason));
    return said.what != kind::may;
}

} // namespace posthorn::delivery

// Which lane takes what: by the routes, and another one where the first cannot.
#include "delivery/desk.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>

namespace posthorn::delivery {

bool desk::can_carry(name_id account) {
    const auto* l = lane_of(account);
    return l && l->can_carry(now(), settings_.failover_after);
}

bool desk::takes_from(const lane& l, name_id pool) const {
    const auto& s = l.settings();
    return s.own_pool == pool ||
           (routes_.knows(pool) ? routes_.carries(s.account_number, pool) : s.pool == pool);
}

std::vector<allowance> desk::allowed(const lane& which, unsigned room) {
    const auto& s = which.settings();
    std::vector<allowance> out;
    if (!routes_.knows(s.pool))
        out.push_back({s.pool, room});
    if (routes_.empty())
        return out;
    const auto time = now();
    std::vector<name_id> able;
    for (const auto& l : lanes_)
        if (l->can_carry(time, settings_.failover_after))
            able.push_back(l->settings().account_number);
    const auto can = [&](name_id account) {
        return std::ranges::find(able, account) != able.end();
    };
    routes_.add_allowed(s.account_number, can, out);
    return out;
}

// Equals by weight wait for one another.
void desk::took(const outgoing& o, name_id account, unsigned parts) {
    const auto pool = o.waits_in().pool;
    if (routes_.took(pool, account, parts))
        wake_lanes(pool);
}

bool desk::is_within(day_hours hours, instant t) const {
    return hours.has(std::chrono::floor<std::chrono::minutes>(settings_.zone.time_of_day(t)));
}

// For what one account could not deliver, or refused; null: there is no other one that can.
lane* desk::other_lane(const outgoing& o) {
    const auto pool = o.waits_in().pool;
    const auto account = o.message.account;
    if (routes_.knows(pool))
        return lane_of(routes_.other_than(
            account, pool, [&](name_id a) { return !o.has_failed_by(a) && can_carry(a); }));
    for (auto& l : lanes_)
        if (const auto& s = l->settings(); s.pool == pool && s.account_number != account &&
                                           !o.has_failed_by(s.account_number) &&
                                           l->can_carry(now(), settings_.failover_after))
            return l.get();
    return nullptr;
}

// Of one that comes back: where it is bound, or another than the one that has tried; null: whoever takes it.
lane* desk::lane_for(const outgoing& o) {
    if (is_bound(o))
        return lane_of(o.message.account);
    return o.message.account != 0 && o.begun() ? other_lane(o) : nullptr;
}

void desk::wait_for_lane(outgoing_ptr o) {
    if (!o->failed_by.empty())
        return wait_for_another(std::move(o));
    auto* l = lane_for(*o);
    if (!l)
        return flows_.push_front(std::move(o));
    l->take_back(std::move(o));
    l->wake();
}

void desk::find_pool(outgoing& o) const {
    if (!settings_.pool_of)
        o.now_in = 0;
    else if (const auto pool = settings_.pool_of(o.message); o.fresh)
        o.message.pool = pool; // it has no row yet
    else
        o.now_in = pool != o.message.pool ? pool : 0;
}

void desk::use(delivery::seats all) {
    settings_.seats = std::move(all);
    routes_.use(settings_.seats);
}

// Routes have changed: what is in hand and has not left moves to where it belongs now.
void desk::route_anew() {
    std::vector<outgoing_ptr> all;
    for (auto& [name, f] : flows_.all()) {
        std::ranges::move(f.waiting, std::back_inserter(all));
        f.waiting.clear();
    }
    for (auto& l : lanes_)
        std::ranges::move(l->give_up_unbound(), std::back_inserter(all));
    for (auto& o : all) {
        find_pool(*o);
        flows_.push_back(std::move(o));
    }
    for (auto& l : lanes_)
        l->wake();
}

// What waits for an account that cannot, and is not bound to it, may leave by another one.
void desk::let_go_unbound(instant now) {
    for (auto& l : lanes_)
        if (!l->can_carry(now, settings_.failover_after))
            for (auto& o : l->give_up_unbound() | std::views::reverse)
                flows_.push_front(std::move(o));
}

// Refused for what the account is, not for the text: as if it had been put off, and at once by another one.
// False where none can, or a phone may get the rest of it.
bool desk::goes_elsewhere(lane& from, const outgoing_ptr& o, part_range parts,
                          const sdk::verdict& v) {
    auto& m = o->message;
    const auto open = [](const part& p) {
        return p.state == part_state::queued || p.state == part_state::sending;
    };
    if (!v.elsewhere || !std::ranges::all_of(m.parts, open) || any_sent_again(m) || !other_lane(*o))
        return false;
    from.refused(now());
    for (auto& p : parts_in(m, parts)) {
        auto op = telling(m, p.n, part_event::defer);
        op.code = v.code;
        op.reason = "refused by " + from.settings().account + ": " + v.code;
        ops_for(m).emplace_back(std::move(op));
        p.state = part_state::queued;
    }
    if (!goes_on(*o))
        uncount(*o, true);
    wait_again(from, o);
    ++seen_["goes by another account"];
    return true;
}

} // namespace posthorn::delivery

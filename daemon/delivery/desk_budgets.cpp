// What parts cost, and what waits because a budget is used up. Money is on its way from a part's intent to
// its answer, and spent when the part is accepted.
#include "delivery/desk.hpp"

#include <algorithm>
#include <iterator>

namespace posthorn::delivery {

namespace {

constexpr duration until_answered = std::chrono::seconds(10);

std::int64_t parts_of(std::span<const part_range> units) {
    std::int64_t n = 0;
    for (const auto& u : units)
        n += u.last - u.first + 1;
    return n;
}

} // namespace

void desk::charge(const lane& from, const message& m, part_range parts) {
    const auto price = from.settings().price(m.recipient);
    if (!price)
        return;
    const auto n = parts.last - parts.first + 1;
    auto& to = m.priority == priority::urgent ? urgent_expenses_ : expenses_;
    to.add({today(), from.settings().account_number, m.source, m.type, from.settings().currency}, n,
           n * *price);
}

// In the site's zone.
std::int32_t desk::today() {
    const auto time = now();
    if (time < today_.ends && today_.ends - time <= std::chrono::hours(25))
        return today_.number;
    today_ = {settings_.zone.day_of(time).ends, store::day_number(settings_.zone.date_at(time))};
    return today_.number;
}

// With the verdicts that they are for.
void desk::book(expenses& what, std::vector<store::op>& ops) {
    auto sums = what.take();
    count_spent(sums);
    std::ranges::move(sums, std::back_inserter(ops));
}

void desk::count_spent(std::span<const store::add_cost> all) {
    for (const auto& [of, parts, price] : all)
        spending_.spent(of.source, of.type, of.currency, price, of.day);
}

void desk::reserve(outgoing& o, const lane_settings& by, std::span<const part_range> units) {
    if (!spending_.is_limited() || !by.price)
        return;
    if (!o.reserved) {
        const auto price = by.price(o.message.recipient);
        if (!price)
            return;
        o.reserved = std::make_unique<reserved_money>(reserved_money{*price, 0, by.currency});
    }
    const auto n = parts_of(units);
    o.reserved->parts += n;
    spending_.leaves(o.message.source, o.message.type, o.reserved->currency,
                     n * o.reserved->of_a_part);
}

// Some were perhaps on their way before there were budgets.
void desk::came_back(outgoing& o, std::span<const part_range> units) {
    if (!o.reserved)
        return;
    const auto n = std::min(parts_of(units), o.reserved->parts);
    spending_.leaves(o.message.source, o.message.type, o.reserved->currency,
                     -n * o.reserved->of_a_part);
    o.reserved->parts -= n;
    if (o.reserved->parts == 0)
        o.reserved.reset();
}

policy::decision desk::over_budget(const message& m) {
    using kind = policy::decision::kind;
    if (!spending_.is_limited() || m.priority == priority::urgent ||
        channel_of(m.coding) == channel::email)
        return {};
    const auto* full = spending_.in_the_way(m.source, m.type, today());
    if (full == nullptr)
        return {};
    const auto time = now();
    policy::decision out{.what = kind::wait, .by = policy::rule::budget, .until = {}};
    const auto what = shown(full->of) + " is used up (" + settings_.policy->file + ")";
    if (m.expires_at <= time) {
        out.what = kind::expire;
        out.reason = what + ", and its time is over";
    } else if (full->is_used_up()) {
        const auto end = policy::end_of(full->of.per, time, settings_.zone);
        out.until = std::min(end, m.expires_at);
        out.reason = what + ": waits until " + policy::shown_with_zone(end, settings_.zone) +
                     ", or until it is raised";
    } else { // what is on its way may come back
        out.until = std::min(time + until_answered, m.expires_at);
        out.reason = what + " when all that is on its way is accepted: waits for that";
    }
    return out;
}

void desk::heed_budgets() {
    spending_.use(settings_.policy ? settings_.policy->budgets : std::vector<policy::budget>());
}

std::vector<policy::budget_use> desk::budgets() {
    auto out = spending_.uses(today());
    for (auto& b : out)
        b.until = policy::shown_with_zone(policy::end_of(b.of.per, now(), settings_.zone),
                                          settings_.zone);
    return out;
}

// Once for each step that a budget takes.
void desk::tell_budgets() {
    if (!spending_.is_limited())
        return;
    for (const auto& b : spending_.news(today())) {
        const auto step = b.step();
        const auto used = shown_price(b.used) + " " + b.of.currency + " of " + shown(b.of);
        if (step == policy::budget_step::fine)
            log(sdk::level::info, "", shown(b.of) + " has room again: what waits for it goes on");
        else if (step == policy::budget_step::nearly)
            log(sdk::level::warn, "", used + " are spent");
        else
            log(sdk::level::warn, "",
                used + " are spent: " +
                    (b.of.stops.empty()
                         ? "nothing is stopped by it"
                         : "its messages wait until the " + std::string(name_of(b.of.per)) +
                               " ends or it is raised"));
    }
}

} // namespace posthorn::delivery

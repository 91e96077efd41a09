#include "delivery/routes.hpp"

#include <algorithm>
#include <limits>

namespace posthorn::delivery {

namespace {

// So many parts may one be ahead of its share: else all would wait for the slowest answer.
constexpr std::int64_t slack = 100;
constexpr auto everything = std::numeric_limits<unsigned>::max();

} // namespace

void routes::use(seats every) {
    pools_.clear();
    of_account_.clear();
    for (const auto& [number, given] : every) {
        auto& of = pools_[number];
        for (const auto& s : given) {
            of.places.push_back({s});
            of.by_weight |= s.weight > 0;
            of_account_[s.account].push_back(number);
        }
    }
    for (auto& [account, numbers] : of_account_)
        std::ranges::sort(numbers);
}

bool routes::carries(name_id account, name_id pool) const {
    const auto found = of_account_.find(account);
    return found != of_account_.end() && std::ranges::binary_search(found->second, pool);
}

void routes::add_allowed(name_id account, const able& can, std::vector<allowance>& out) {
    const auto found = of_account_.find(account);
    if (found == of_account_.end())
        return;
    for (const auto number : found->second) {
        auto& of = pools_.at(number);
        const auto own = std::ranges::find(of.places, account, &place::account);
        const auto before = [&](const place& p) { return p.tier < own->tier && can(p.account); };
        const auto instead = [&](const place& p) { return p.account != account && can(p.account); };
        if (std::ranges::any_of(of.places, before) ||
            (!can(account) && std::ranges::any_of(of.places, instead)))
            continue;
        const auto most = of.by_weight ? share_of(*own, of, can) : everything;
        if (most > 0)
            out.push_back({number, most});
    }
    std::ranges::sort(out, {}, &allowance::pool);
}

// Only those that can share; when they are others than before, the count begins anew: who comes back has
// not to catch up.
unsigned routes::share_of(const place& own, group& of, const able& can) {
    bool others = false;
    for (auto& p : of.places)
        if (p.tier == own.tier)
            others |= std::exchange(p.can, can(p.account)) != p.can;
    if (others)
        for (auto& p : of.places)
            p.taken = 0;
    std::int64_t most = everything;
    for (const auto& p : of.places)
        if (p.tier == own.tier && p.account != own.account && p.can && p.weight > 0 &&
            own.weight > 0)
            most = std::min(most, p.taken * own.weight / p.weight + slack - own.taken);
    return static_cast<unsigned>(std::max<std::int64_t>(most, 0));
}

bool routes::took(name_id number, name_id account, unsigned parts) {
    const auto found = pools_.find(number);
    if (found == pools_.end() || !found->second.by_weight)
        return false;
    auto& places = found->second.places;
    const auto own = std::ranges::find(places, account, &place::account);
    if (own == places.end())
        return false;
    own->taken += parts;
    return true;
}

name_id routes::other_than(name_id account, name_id number, const able& can) const {
    const auto found = pools_.find(number);
    if (found == pools_.end())
        return 0;
    for (const auto& p : found->second.places)
        if (p.account != account && can(p.account))
            return p.account;
    return 0;
}

} // namespace posthorn::delivery

#include "routing/table.hpp"

#include "model/fnv1a.hpp"

#include <algorithm>
#include <limits>

namespace posthorn::routing {

namespace {

template <class T>
bool contains(const std::vector<T>& all, const T& one) {
    return std::ranges::find(all, one) != all.end();
}

// The longest known prefix of a number is `known`: those that are asked for are known, too.
bool any_begins(const std::vector<std::string>& prefixes, std::string_view known) {
    return std::ranges::any_of(prefixes, [&](const auto& p) { return known.starts_with(p); });
}

std::string listed(const std::vector<std::string>& all) {
    std::string out;
    for (const auto& one : all)
        out += (out.empty() ? "" : ", ") + one;
    return out;
}

std::string listed(const std::vector<category>& all) {
    std::vector<std::string> names;
    for (const auto one : all)
        names.emplace_back(name_of(one));
    return listed(names);
}

// Numbers that follow one another must not follow one another.
std::size_t bucket_of(std::string_view recipient) {
    const auto h = fnv1a(recipient);
    return (h ^ h >> 29) % table::buckets;
}

// Tiers of equal values, the smallest first.
template <class Value>
void by_value(std::vector<candidate>& out, Value value) {
    std::ranges::sort(out, [&](const auto& a, const auto& b) {
        const auto x = value(a), y = value(b);
        return x != y ? x < y : a.account < b.account;
    });
    unsigned tier = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (i > 0 && value(out[i - 1]) != value(out[i]))
            ++tier;
        out[i].tier = tier;
    }
}

} // namespace

std::size_t table::pools_needed(const std::vector<account>& accounts, const rules& r) {
    const bool sticky = std::ranges::any_of(r.routes, &route::sticky);
    return asked_facts(accounts, r).combinations() * (sticky ? buckets : 1);
}

table::table(std::vector<account> accounts, std::shared_ptr<const rules> r)
    : accounts_(std::move(accounts)), rules_(std::move(r)), asked_(accounts_, *rules_) {
    for (const auto& a : accounts_)
        prices_.emplace_back(a.prices);
    for (std::size_t i = 1; i < asked_.prefixes.size(); ++i)
        prefixes_.put(asked_.prefixes[i], i);
    for (const auto& name : rules_->carriers) {
        const auto found = std::ranges::find(asked_.carriers, name);
        const bool there = found != asked_.carriers.end();
        carriers_.push_back(there ? static_cast<std::size_t>(found - asked_.carriers.begin()) : 0);
    }
    place p;
    for (p.category = 0; p.category < asked_.categories(); ++p.category)
        for (p.prefix = 0; p.prefix < asked_.prefixes.size(); ++p.prefix)
            for (p.carrier = 0; p.carrier < asked_.carriers.size(); ++p.carrier)
                for (p.length = 0; p.length <= asked_.lengths.size(); ++p.length)
                    for (p.extended = 0; p.extended <= (asked_.extended ? 1 : 0); ++p.extended)
                        add_pools(p);
}

void table::add_pools(place p) {
    const auto* route = route_for(p);
    const bool sticky = route != nullptr && route->sticky;
    of_.emplace_back(names_.size(), sticky);
    for (p.bucket = 0; p.bucket < (sticky ? buckets : 1); ++p.bucket) {
        names_.push_back(name_of(p, sticky));
        places_.push_back(p);
    }
}

std::size_t table::base_of(const place& p) const {
    auto base = p.category;
    base = base * asked_.prefixes.size() + p.prefix;
    base = base * asked_.carriers.size() + p.carrier;
    base = base * (asked_.lengths.size() + 1) + p.length;
    return asked_.extended ? 2 * base + p.extended : base;
}

std::string table::name_of(const place& p, bool sticky) const {
    std::string out(posthorn::name_of(channel::sms));
    if (asked_.category)
        out += " " + std::string(posthorn::name_of(static_cast<category>(p.category)));
    if (asked_.prefixes.size() > 1)
        out += p.prefix > 0 ? " " + asked_.prefixes[p.prefix] : " elsewhere";
    if (asked_.carriers.size() > 1)
        out += p.carrier > 0 ? " " + asked_.carriers[p.carrier] : " no-carrier";
    if (!asked_.lengths.empty())
        out += p.length < asked_.lengths.size()
                   ? " to-" + std::to_string(asked_.lengths[p.length]) + "-parts"
                   : " longer";
    if (p.extended > 0)
        out += " extended";
    return sticky ? out + " share-" + std::to_string(p.bucket) : out;
}

std::size_t table::pool_of(const facts& f) const {
    if (of_.size() == 1 && !of_.front().second)
        return 0;
    place p;
    if (asked_.category)
        p.category = static_cast<std::size_t>(f.of);
    if (const auto* prefix = prefixes_.of(f.recipient))
        p.prefix = *prefix;
    if (asked_.carriers.size() > 1)
        if (const auto* carrier = rules_->numbers.of(f.recipient))
            p.carrier = carriers_[*carrier];
    const auto limit = std::ranges::lower_bound(asked_.lengths, f.parts);
    p.length = static_cast<std::size_t>(limit - asked_.lengths.begin());
    p.extended = asked_.extended && f.extended ? 1 : 0;
    const auto [first, sticky] = of_[base_of(p)];
    return sticky ? first + bucket_of(f.recipient) : first;
}

const route* table::route_for(const place& p) const {
    const auto fits = [&](const route& r) {
        return (r.categories.empty() ||
                contains(r.categories, static_cast<category>(p.category))) &&
               (r.prefixes.empty() || any_begins(r.prefixes, asked_.prefixes[p.prefix])) &&
               (r.carriers.empty() || contains(r.carriers, asked_.carriers[p.carrier]));
    };
    const auto found = std::ranges::find_if(rules_->routes, fits);
    return found == rules_->routes.end() ? nullptr : &*found;
}

const route* table::route_of(std::size_t pool) const { return route_for(places_[pool]); }

std::string table::why_not(const account& a, const route* r, const place& p) const {
    const auto& c = a.carries;
    const auto& known = asked_.prefixes[p.prefix];
    if (!c.categories.empty() && !contains(c.categories, static_cast<category>(p.category)))
        return "it carries only " + listed(c.categories);
    if (!c.prefixes.empty() && !any_begins(c.prefixes, known))
        return "it carries only numbers that begin with " + listed(c.prefixes);
    if (any_begins(c.not_prefixes, known))
        return "it carries no numbers that begin with " + listed(c.not_prefixes);
    if (!c.carriers.empty() && !contains(c.carriers, asked_.carriers[p.carrier]))
        return "it carries only phones of " + listed(c.carriers);
    const bool longer = p.length == asked_.lengths.size();
    if (c.longest > 0 && (longer || asked_.lengths[p.length] > c.longest))
        return "it carries texts of at most " + std::to_string(c.longest) + " parts";
    if (r != nullptr && !r->accounts.empty() && !contains(r->accounts, a.name))
        return "the route does not name it";
    if (r != nullptr && r->receipts && !a.receipts)
        return "the route asks for receipts, and its carrier gives none";
    return {};
}

std::vector<candidate> table::candidates(std::size_t pool, const qualities& known) const {
    const auto& p = places_[pool];
    const auto* r = route_for(p);
    std::vector<candidate> out;
    for (std::size_t i = 0; i < accounts_.size(); ++i)
        if (why_not(accounts_[i], r, p).empty())
            out.push_back({.account = i, .weight = accounts_[i].weight});
    if (r != nullptr)
        put_in_order(*r, p, known, out);
    if (p.extended > 0)
        prefer_extended(out);
    return out;
}

void table::put_in_order(const route& r, const place& p, const qualities& known,
                         std::vector<candidate>& out) const {
    constexpr auto last = std::numeric_limits<std::int64_t>::max();
    constexpr unsigned step = 5; // of a hundred: less is chance
    if (r.order == order::as_listed)
        by_value(out, [&](const candidate& c) {
            return std::ranges::find(r.accounts, accounts_[c.account].name) - r.accounts.begin();
        });
    if (r.order == order::price)
        by_value(out, [&](const candidate& c) {
            return price(c.account, asked_.prefixes[p.prefix]).value_or(last);
        });
    if (r.order == order::quality)
        by_value(out, [&](const candidate& c) { // what nobody knows yet is tried
            const auto found = known.find(c.account);
            return found == known.end() ? 0U : (100 - std::min(found->second, 100U)) / step;
        });
    if (r.sticky)
        stick(p.bucket, out);
}

// Every bucket of numbers has one of a tier for its own, by weight; then come the others in turn.
void table::stick(std::size_t bucket, std::vector<candidate>& out) {
    unsigned tier = 0;
    for (auto from = out.begin(); from != out.end();) {
        const auto to =
            std::find_if(from, out.end(), [&](const auto& c) { return c.tier != from->tier; });
        const bool all_alike = std::all_of(from, to, [](const auto& c) { return c.weight == 0; });
        const auto weight = [&](const candidate& c) { return all_alike ? 1U : c.weight; };
        std::size_t sum = 0;
        for (auto c = from; c != to; ++c)
            sum += weight(*c);
        auto at = (2 * bucket + 1) * sum / (2 * buckets);
        auto own = from;
        for (; own + 1 != to && at >= weight(*own); ++own)
            at -= weight(*own);
        std::rotate(from, own, to);
        for (; from != to; ++from)
            from->tier = tier++;
    }
}

// A text whose answer only we should miss had better leave than wait: the others come after those that can.
void table::prefer_extended(std::vector<candidate>& out) const {
    const auto can = [&](const candidate& c) { return accounts_[c.account].extended; };
    unsigned tiers = 0;
    for (const auto& c : out)
        tiers = can(c) ? std::max(tiers, c.tier + 1) : tiers;
    for (auto& c : out)
        c.tier += can(c) ? 0 : tiers;
    std::ranges::stable_sort(out, {}, &candidate::tier);
}

bool table::plain() const {
    if (names_.size() > 1)
        return false;
    const auto all = candidates(0);
    return all.size() == accounts_.size() &&
           std::ranges::all_of(all, [](const auto& c) { return c.tier == 0 && c.weight == 0; });
}

bool table::any_by_quality() const {
    return std::ranges::any_of(rules_->routes,
                               [](const auto& r) { return r.order == order::quality; });
}

std::vector<judgement> table::judged(std::size_t pool, const facts& f,
                                     const qualities& known) const {
    std::vector<judgement> out;
    const auto told = [&](std::size_t account, unsigned tier, std::string why_not) {
        const auto& a = accounts_[account];
        out.push_back(
            {a.name, std::move(why_not), tier, price(account, f.recipient), a.prices.currency});
    };
    for (const auto& c : candidates(pool, known))
        told(c.account, c.tier, {});
    const auto& p = places_[pool];
    for (std::size_t i = 0; i < accounts_.size(); ++i)
        if (auto why = why_not(accounts_[i], route_for(p), p); !why.empty())
            told(i, 0, std::move(why));
    return out;
}

std::string table::carrier_of(std::string_view recipient) const {
    const auto* carrier = rules_->numbers.of(recipient);
    return carrier ? rules_->carriers[*carrier] : std::string();
}

std::optional<millionths> table::price(std::size_t account, std::string_view recipient) const {
    return prices_[account].of(recipient);
}

} // namespace posthorn::routing

#include "routing/asked_facts.hpp"

#include <algorithm>

namespace posthorn::routing {

namespace {

template <class T>
void add_all(std::vector<T>& to, const std::vector<T>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

template <class T>
void sort_unique(std::vector<T>& all) {
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
}

} // namespace

asked_facts::asked_facts(const std::vector<account>& accounts, const rules& r) {
    for (const auto& a : accounts) {
        const auto& c = a.carries;
        extended |= a.extended != accounts.front().extended;
        category |= !c.categories.empty();
        add_all(prefixes, c.prefixes);
        add_all(prefixes, c.not_prefixes);
        add_all(carriers, c.carriers);
        if (c.longest > 0)
            lengths.push_back(c.longest);
        // What it costs matters only where a route asks.
        if (std::ranges::any_of(r.routes, [](auto& one) { return one.order == order::price; }))
            for (const auto& [prefix, price] : a.prices.parts)
                prefixes.push_back(prefix);
    }
    for (const auto& one : r.routes) {
        category |= !one.categories.empty();
        add_all(prefixes, one.prefixes);
        add_all(carriers, one.carriers);
    }
    sort_unique(prefixes);
    sort_unique(carriers);
    sort_unique(lengths);
}

} // namespace posthorn::routing

#include "policy/spending.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace posthorn::policy {

namespace {

constexpr std::int32_t days_of_month = 100; // of the number of a day

template <class T, class U>
bool fits(const std::vector<T>& wanted, const U& one) {
    return wanted.empty() || std::ranges::find(wanted, one) != wanted.end();
}

} // namespace

void spending::use(std::vector<budget> budgets) {
    std::map<std::string, budget_step> told;
    for (std::size_t i = 0; i < budgets_.size(); ++i)
        told[budgets_[i].of.name] = told_[i];
    budgets_.clear();
    told_.clear();
    for (auto& b : budgets) {
        told_.push_back(told[b.name]);
        budgets_.push_back({.of = std::move(b), .until = {}});
    }
    for (auto& [key, l] : lines_)
        find_budgets(l);
    count_anew();
}

void spending::find_budgets(line& l) const {
    l.category = known_.category(l.type);
    l.budgets.clear();
    const auto source = known_.source(l.source);
    for (std::size_t i = 0; i < budgets_.size(); ++i) {
        const auto& b = budgets_[i].of;
        const bool of_category =
            b.categories.empty() || (l.category && fits(b.categories, *l.category));
        if (fits(b.sources, source) && of_category)
            l.budgets.push_back(i);
    }
}

spending::line& spending::line_of(name_id source, name_id type) {
    const auto key = std::int64_t{source} << 32 | type;
    const auto [found, fresh] = lines_.try_emplace(key, line{.source = source, .type = type});
    if (fresh)
        find_budgets(found->second);
    return found->second;
}

spending::sums& spending::sums_of(line& l, std::string_view currency) {
    for (auto& s : l.of)
        if (s.currency == currency)
            return s;
    return l.of.emplace_back(sums{.currency = std::string(currency)});
}

void spending::add_to_budgets(const line& l, const sums& more) {
    for (const auto i : l.budgets) {
        auto& b = budgets_[i];
        if (b.of.currency != more.currency)
            continue;
        b.used += b.of.per == budget_period::day ? more.day : more.month;
        b.on_its_way += more.on_its_way;
    }
}

void spending::count_anew() {
    for (auto& b : budgets_)
        b.used = b.on_its_way = 0;
    for (const auto& [key, l] : lines_)
        for (const auto& s : l.of)
            add_to_budgets(l, s);
}

void spending::turn_to(std::int32_t day) {
    if (day <= day_)
        return;
    const bool other_month = day / days_of_month != day_ / days_of_month;
    day_ = day;
    for (auto& [key, l] : lines_)
        for (auto& s : l.of) {
            s.day = 0;
            s.month = other_month ? 0 : s.month;
        }
    count_anew();
}

void spending::spent(name_id source, name_id type, std::string_view currency, millionths price,
                     std::int32_t day) {
    turn_to(day);
    sums more{.currency = std::string(currency)};
    more.day = day == day_ ? price : 0;
    more.month = day / days_of_month == day_ / days_of_month ? price : 0;
    auto& l = line_of(source, type);
    auto& s = sums_of(l, currency);
    s.day += more.day;
    s.month += more.month;
    add_to_budgets(l, more);
}

void spending::leaves(name_id source, name_id type, std::string_view currency, millionths price) {
    auto& l = line_of(source, type);
    sums_of(l, currency).on_its_way += price;
    add_to_budgets(l, {.currency = std::string(currency), .on_its_way = price});
}

const budget_use* spending::in_the_way(name_id source, name_id type, std::int32_t today) {
    turn_to(today);
    const auto& l = line_of(source, type);
    const budget_use* found = nullptr;
    const auto lasts = [](const budget_use& b) { return std::pair(b.is_used_up(), b.of.per); };
    for (const auto i : l.budgets) {
        const auto& b = budgets_[i];
        const bool stops = l.category && !b.of.stops.empty() && fits(b.of.stops, *l.category);
        if (stops && b.is_full() && (found == nullptr || lasts(*found) < lasts(b)))
            found = &b;
    }
    return found;
}

const std::vector<budget_use>& spending::uses(std::int32_t today) {
    turn_to(today);
    return budgets_;
}

std::vector<budget_use> spending::news(std::int32_t today) {
    turn_to(today);
    std::vector<budget_use> out;
    for (std::size_t i = 0; i < budgets_.size(); ++i)
        if (const auto step = budgets_[i].step(); step != std::exchange(told_[i], step))
            out.push_back(budgets_[i]);
    return out;
}

} // namespace posthorn::policy

#include "intake/quotas.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace posthorn::intake {

namespace {

instant end_of_minute(instant t) {
    return std::chrono::floor<std::chrono::minutes>(t) + std::chrono::minutes(1);
}

} // namespace

quotas::quotas(const catalogue& known, templates::zone days) : days_(std::move(days)) {
    take_limits(known);
}

void quotas::use(const catalogue& known, templates::zone days) {
    const std::lock_guard lock(mutex_);
    days_ = std::move(days);
    take_limits(known);
}

void quotas::take_limits(const catalogue& known) {
    for (auto& [source, a] : accounts_)
        a.minute.limit = a.day.limit = 0;
    for (const auto& s : known.sources) {
        auto& a = accounts_[s.name];
        a.minute.limit = s.quota.per_minute;
        a.day.limit = s.quota.per_day;
    }
}

// With windows that have not ended.
quotas::account& quotas::at(std::string_view source, instant now) {
    auto found = accounts_.find(source);
    if (found == accounts_.end())
        found = accounts_.emplace(source, account{}).first;
    auto& a = found->second;
    if (now >= a.minute.ends) {
        a.minute.taken_in = 0;
        a.minute.ends = end_of_minute(now);
    }
    if (now >= a.day.ends) {
        a.day.taken_in = 0;
        a.day.ends = days_.day_of(now).ends;
    }
    return a;
}

std::size_t quotas::reserve(std::string_view source, std::size_t wanted, instant now) {
    const std::lock_guard lock(mutex_);
    auto& a = at(source, now);
    auto room = static_cast<std::int64_t>(wanted);
    for (const auto* w : {&a.minute, &a.day})
        if (w->limit > 0)
            room = std::min(room, w->limit - w->taken_in - a.reserved);
    room = std::max<std::int64_t>(room, 0);
    a.reserved += room;
    return static_cast<std::size_t>(room);
}

void quotas::settle(std::string_view source, std::size_t reserved, std::size_t taken_in,
                    instant now) {
    const std::lock_guard lock(mutex_);
    auto& a = at(source, now);
    a.reserved -= static_cast<std::int64_t>(reserved);
    a.minute.taken_in += static_cast<std::int64_t>(taken_in);
    a.day.taken_in += static_cast<std::int64_t>(taken_in);
}

void quotas::add_earlier(std::string_view source, std::int64_t events, instant now) {
    const std::lock_guard lock(mutex_);
    at(source, now).day.taken_in += events;
}

std::vector<quota_use> quotas::uses_of(const account& a) const {
    std::vector<quota_use> out;
    for (const auto& [which, w] :
         {std::pair(quota_window::minute, &a.minute), {quota_window::day, &a.day}})
        if (w->limit > 0)
            out.push_back({.window = which,
                           .limit = w->limit,
                           .used = w->taken_in + a.reserved,
                           .ends = w->ends,
                           .ends_at = days_.wall_clock(w->ends) + " " + days_.name()});
    return out;
}

std::vector<quota_use> quotas::uses(std::string_view source, instant now) {
    const std::lock_guard lock(mutex_);
    return uses_of(at(source, now));
}

std::optional<quota_use> quotas::in_the_way(std::string_view source, instant now) {
    std::optional<quota_use> out;
    for (auto& u : uses(source, now)) // the minute ends before the day
        if (u.is_full())
            out = std::move(u);
    return out;
}

} // namespace posthorn::intake

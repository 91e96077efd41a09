#include "publishing/audience.hpp"

#include <algorithm>

namespace posthorn::publishing {

namespace {

// What a person has by that name: its own, else those of its accounts.
std::vector<std::string> values_of(const store::person& who, topics::person_field which) {
    std::vector<std::string> out;
    const auto add = [&](const std::string& value) {
        if (!value.empty())
            out.push_back(value);
    };
    switch (which) {
    case topics::person_field::role:
        add(who.role);
        break;
    case topics::person_field::area:
        add(who.area);
        for (const auto& a : who.accounts)
            add(a.area);
        break;
    case topics::person_field::tier:
        add(who.tier);
        for (const auto& a : who.accounts)
            add(a.tier);
        break;
    }
    return out;
}

bool has_one_of(const store::person& who, topics::person_field which,
                const std::vector<std::string>& wanted) {
    return wanted.empty() || std::ranges::any_of(values_of(who, which), [&](const auto& value) {
               return std::ranges::find(wanted, value) != wanted.end();
           });
}

} // namespace

bool is_entitled(const topics::topic& of, const store::person& who, std::string_view parameter) {
    using enum topics::person_field;
    const auto& e = of.entitled;
    if (e.registered && !who.known && who.accounts.empty())
        return false;
    if (!has_one_of(who, role, e.roles) || !has_one_of(who, tier, e.tiers) ||
        !has_one_of(who, area, e.areas))
        return false;
    return !e.own_parameter ||
           std::ranges::any_of(values_of(who, *of.takes->from), [&](const auto& value) {
               return topics::parameter_key(value) == parameter;
           });
}

instant first_within(day_hours hours, instant t, const templates::zone& zone) {
    using std::chrono::minutes;
    if (hours.all_day())
        return t;
    const auto begins_on = [&](std::chrono::sys_days date, std::int16_t minute) {
        return from_micros(zone.to_utc(to_micros(date + minutes(minute))));
    };
    const auto today = std::chrono::sys_days(zone.date_at(t));
    const std::chrono::days one(1);
    // Hours over midnight end on the next day; those that began yesterday may still last.
    for (auto date = today - one;; date += one) {
        const auto from = begins_on(date, hours.from);
        const auto to = begins_on(hours.from < hours.to ? date : date + one, hours.to);
        if (t < to)
            return std::max(t, from);
    }
}

} // namespace posthorn::publishing

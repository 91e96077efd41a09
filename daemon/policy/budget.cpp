#include "policy/budget.hpp"

#include "model/time_text.hpp"

namespace posthorn::policy {

instant end_of(budget_period p, instant now, const templates::zone& zone) {
    using namespace std::chrono;
    if (p == budget_period::day)
        return zone.day_of(now).ends;
    const auto today = zone.date_at(now);
    const sys_days last = today.year() / today.month() / std::chrono::last;
    const auto noon_after = time_point_cast<duration>(last + days(1) + hours(12));
    return zone.day_of(from_micros(zone.to_utc(to_micros(noon_after)))).begins;
}

std::string shown(const budget& b) {
    return "budget " + b.name + " (" + shown_price(b.amount) + " " + b.currency + " a " +
           std::string(name_of(b.per)) + ")";
}

std::string shown_with_zone(instant t, const templates::zone& zone) {
    return iso(zone.date_at(t)) + " " + zone.wall_clock(t) + " " + zone.name();
}

} // namespace posthorn::policy

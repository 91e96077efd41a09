#include "publishing/hours.hpp"

#include <algorithm>

namespace posthorn::publishing {

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

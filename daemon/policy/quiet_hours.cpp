#include "policy/quiet_hours.hpp"

#include "model/hours_text.hpp"

#include <vector>

namespace posthorn::policy {

namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr int looked_ahead = 60; // days: longer than any row of holidays
constexpr std::int16_t midnight = 24 * 60;

struct span {
    std::int16_t from = 0, to = 0; // minutes of one date
};

// What of these hours lies on their own date, in order.
std::vector<span> spans_of(std::optional<day_hours> h) {
    if (!h)
        return {};
    if (h->all_day())
        return {{0, midnight}};
    if (h->from < h->to)
        return {{h->from, h->to}};
    if (h->to == 0)
        return {{h->from, midnight}};
    return {{0, h->to}, {h->from, midnight}};
}

} // namespace

quiet_hours::period quiet_hours::at(instant t) const {
    const auto moment = [this](std::chrono::sys_days date, std::int16_t minute) {
        return from_micros(zone_.to_utc(to_micros(date + minutes(minute))));
    };
    // A date may begin twice where the clock goes back at midnight: from the day before.
    const auto first = std::chrono::sys_days(zone_.date_at(t)) - days(1);
    auto reached = t;
    for (auto date = first; date < first + days(looked_ahead); date += days(1)) {
        for (const auto& s : spans_of(hours_on(date))) {
            const auto begins = moment(date, s.from);
            const auto ends = moment(date, s.to);
            if (ends <= reached)
                continue;
            if (begins > reached)
                return {reached > t, reached > t ? reached : begins};
            reached = ends;
        }
    }
    const bool quiet = reached > t;
    return {quiet, quiet ? reached : moment(first + days(looked_ahead), 0)};
}

std::string quiet_hours::shown_at(instant t) const {
    const auto date = std::chrono::sys_days(zone_.date_at(t));
    const auto hours = hours_on(date);
    auto out = !hours ? std::string("none") : hours->all_day() ? "all day" : shown(*hours);
    if (const auto name = known_->name_of(date); !name.empty())
        out += " (" + std::string(name) + ")";
    return out;
}

} // namespace posthorn::policy

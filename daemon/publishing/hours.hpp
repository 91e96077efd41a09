// When a subscriber has an item. Pure.
#pragma once

#include "model/subscription.hpp"
#include "templates/zone.hpp"

namespace posthorn::publishing {

// `t`, or the next moment within these hours of the day.
instant first_within(day_hours hours, instant t, const templates::zone& zone);

} // namespace posthorn::publishing

// Hours of the day as people write them.
#pragma once

#include "model/subscription.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace posthorn {

// 8-20, 08:00-21:30, 22:00-06:00 (over midnight); 0-24 is all day. Nothing for others, such as 8-8.
std::optional<day_hours> hours_from(std::string_view written);

// "08:00-21:30"; all day is "00:00-24:00". hours_from() reads it.
std::string shown(day_hours h);

} // namespace posthorn

// Who of a topic's subscribers has an item, and when. Pure.
#pragma once

#include "store/people.hpp"
#include "templates/zone.hpp"
#include "topics/topic.hpp"

namespace posthorn::publishing {

// Whoever subscribed may not be entitled any more: a clerk who has left, a customer who has moved.
bool is_entitled(const topics::topic& of, const store::person& who, std::string_view parameter);

// `t`, or the next moment within these hours of the day.
instant first_within(day_hours hours, instant t, const templates::zone& zone);

} // namespace posthorn::publishing

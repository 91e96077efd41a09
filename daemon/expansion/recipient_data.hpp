// What a text or letter for one recipient is made of: the event's data, and what is known of who reads it.
#pragma once

#include "store/audience.hpp"
#include "templates/event_type.hpp"

#include <boost/json/object.hpp>

namespace posthorn::expansion {

boost::json::object data_for(const templates::event_type& type, const boost::json::object& of_event,
                             const store::recipient& who);

// With whom it shares its texts where the type collapses them; 0: with its number alone.
std::uint64_t household_of(const templates::event_type& type, const store::recipient& who);

} // namespace posthorn::expansion

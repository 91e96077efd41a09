// What a text or letter for one recipient is made of: the event's data, and what is known of who reads it.
#pragma once

#include "store/audience.hpp"
#include "templates/event_type.hpp"

#include <boost/json/object.hpp>

namespace posthorn::expansion {

boost::json::object data_for(const templates::event_type& type, const boost::json::object& of_event,
                             const store::recipient& who);

} // namespace posthorn::expansion

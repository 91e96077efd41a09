// Event data as typed on a command line.
#pragma once

#include "templates/event_type.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace posthorn::cli {

// "a=b" in two; throws failure naming the option when there is no '='.
std::pair<std::string, std::string> name_and_value(const std::string& option,
                                                   const std::string& text);

// --data JSON or --data @FILE, with --set field=value on top. `type` (may be null) says of which
// kind a value is. Throws failure for what is no JSON object.
boost::json::object data_of(const std::string& data, const std::vector<std::string>& sets,
                            const templates::event_type* type);

// What the type does not declare, each with the field it may have been meant for; empty when there
// is nothing. The daemon ignores such members, but who typed one meant something by it.
std::string unknown_fields(const boost::json::object& data, const templates::event_type& type);

} // namespace posthorn::cli

// Fields that the data of an event for many may leave out: they are each recipient's own. A type that
// declares one of these names has it filled in.
#pragma once

#include "templates/event_type.hpp"

#include <boost/json/object.hpp>

#include <array>
#include <string_view>

namespace posthorn::templates {

inline constexpr std::array<std::string_view, 4> recipient_fields{"account", "account_name",
                                                                  "customer", "name"};

// Whether the data leaves any of them to the recipient.
bool differs_by_recipient(const event_type& type, const boost::json::object& data);

// `of_recipient`: what is known of one, by these names.
boost::json::object completed(const event_type& type, boost::json::object data,
                              const boost::json::object& of_recipient);

} // namespace posthorn::templates

// The plain page of a customer, for people who serve them: what customer_shape() says, and a form for
// each thing they may do. HTML without scripts.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace posthorn::api {

// `who`: what was asked for; `customer`: empty when nothing is known of it; `said`: what came of
// what was done last.
std::string customer_page(std::string_view who, const boost::json::object& customer,
                          std::string_view said);

} // namespace posthorn::api

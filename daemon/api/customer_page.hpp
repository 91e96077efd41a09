// The plain page of a customer, for people who serve them: what read_customer() says, and a form for
// each thing they may do. HTML without scripts.
#pragma once

#include "api/customer_view.hpp"

#include <string>
#include <string_view>

namespace posthorn::api {

// `who`: what was asked for, empty: nobody; `said`: what came of what was done last.
std::string customer_page(std::string_view who, const customer& found, std::string_view said);

} // namespace posthorn::api

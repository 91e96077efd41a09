// JSON whose numbers with a fraction stay as they were written, as texts: 128.50 is "128.50". No
// double ever holds money.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string_view>

namespace posthorn::lookups {

// Nothing when it is not JSON.
std::optional<boost::json::value> parse_exact(std::string_view text);

} // namespace posthorn::lookups

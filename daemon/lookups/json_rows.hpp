// JSON as rows: of an answer over HTTP, and of a handler's; private to this room.
#pragma once

#include "lookups/answer.hpp"
#include "lookups/lookup.hpp"

#include <boost/json/value.hpp>

#include <cstddef>

namespace posthorn::lookups {

inline constexpr std::size_t longest_body = 1 << 20; // octets

// A list of objects, or one of them; members that the lookup does not declare are left out.
answer rows_of(const lookup& of, const boost::json::value& found);

} // namespace posthorn::lookups

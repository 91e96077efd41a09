// Dates and times as sources write them.
#pragma once

#include "model/refusal.hpp"
#include "templates/zone.hpp"

#include <cstdint>
#include <string_view>

namespace posthorn::templates {

// "2025-07-31": days since 1970-01-01.
result<std::int64_t> parse_date(std::string_view text);

// RFC 3339, "2025-07-31T08:00:00+08:00" (a space instead of T and missing seconds are taken too),
// or the same without a zone, then in the given one: microseconds UTC since 1970.
result<std::int64_t> parse_time(std::string_view text, const zone& local);

} // namespace posthorn::templates

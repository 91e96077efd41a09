// Times as people write them (RFC 3339) and read them (local wall clock).
#pragma once

#include "model/refusal.hpp"
#include "model/time.hpp"

#include <string>
#include <string_view>

namespace posthorn::cli {

// 2026-11-02T09:00:00Z, 2026-11-02T17:00:00.5+08:00. A zone is required; microseconds are kept.
result<instant> parse_time(std::string_view rfc3339);

// What stands after an option like --since: a time, or how long ago ("24h"). As RFC 3339 in UTC;
// empty where it is. Throws failure.
std::string moment_option(std::string_view name, const std::string& text);

std::string local_time(instant t);        // 2026-11-02 17:00:00
std::string local_time_millis(instant t); // 2026-11-02 17:00:00.500

// An RFC 3339 text of the API in local time; as it stands where it is no such text.
std::string shown_time(std::string_view rfc3339);

} // namespace posthorn::cli

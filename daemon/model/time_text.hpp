// Times as RFC 3339 writes them.
#pragma once

#include "model/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace posthorn {

// 2026-11-02T09:00:00Z, 2026-11-02T17:00:00.5+08:00. A zone is required; microseconds are kept.
std::optional<instant> time_from(std::string_view rfc3339);

// 2026-11-02T09:00:00Z, with microseconds where there are some.
std::string rfc3339(instant t);

std::string minute_in_utc(instant t); // 2026-11-02 09:00 UTC

std::string iso(std::chrono::year_month_day day); // 2026-11-02

} // namespace posthorn

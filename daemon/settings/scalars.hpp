// What single values look like: numbers, durations, sizes, switches. The reason of a refusal
// completes "KEY: ".
#pragma once

#include "model/refusal.hpp"
#include "model/time.hpp"

#include <cstdint>
#include <string_view>

namespace posthorn::settings {

result<std::int64_t> parse_integer(std::string_view text);
result<bool> parse_flag(std::string_view text);          // true false yes no on off
result<duration> parse_duration(std::string_view text);  // 500ms 60s 5m 24h 90d
result<std::int64_t> parse_bytes(std::string_view text); // 4096 64KiB 10GiB 5MB

std::string show(duration d); // the same spelling, in the largest unit that fits: 90s, 5m

} // namespace posthorn::settings

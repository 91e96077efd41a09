// When to try a deferred part again: exponential with full jitter.
#pragma once

#include "model/time.hpp"

namespace posthorn {

struct retry_schedule {
    duration first = std::chrono::seconds(30);
    duration longest = std::chrono::hours(1);
};

// The wait before attempt `attempts` + 1: random between half a second and min(longest, first *
// 2^(attempts-1)). `random` is 0..2^32-1 from the caller, so that tests choose it.
duration wait_before_retry(const retry_schedule& s, unsigned attempts, std::uint32_t random);

} // namespace posthorn

// How long to wait before trying again: exponential with full jitter, random(0, min(most, first *
// 2^n)). Full jitter keeps many links that died together from coming back together.
#pragma once

#include "sdk/unit.hpp"

#include <algorithm>
#include <cstdint>

namespace posthorn::sdk {

class backoff {
public:
    constexpr backoff(duration first, duration most) : first_(first), most_(most), limit_(first) {}

    // `random`: any 32 bits. Each call doubles the limit of the next, up to `most`.
    constexpr duration next(std::uint32_t random) {
        const auto limit = std::min(limit_, most_);
        limit_ = std::min(limit * 2, most_);
        // 24 bits of fraction: limit stays below 2^39 us (six days), so the product fits.
        return duration{limit.count() * static_cast<std::int64_t>(random >> 8) / (1 << 24)};
    }

    // After success.
    constexpr void reset() { limit_ = first_; }

private:
    duration first_, most_, limit_;
};

} // namespace posthorn::sdk

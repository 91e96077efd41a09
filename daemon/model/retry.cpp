#include "model/retry.hpp"

#include <algorithm>

namespace posthorn {

duration wait_before_retry(const retry_schedule& s, unsigned attempts, std::uint32_t random) {
    constexpr duration shortest = std::chrono::milliseconds(500);
    duration ceiling = s.first;
    for (unsigned i = 1; i < attempts && ceiling < s.longest; ++i)
        ceiling *= 2;
    ceiling = std::clamp(ceiling, shortest, std::max(shortest, s.longest));
    const auto span = static_cast<std::uint64_t>((ceiling - shortest).count());
    // 32 x 32 bit product: the span in milliseconds keeps it inside 64 bits for waits below 49
    // days.
    const auto jitter = (span / 1000 * random) >> 32;
    return shortest + std::chrono::milliseconds(jitter);
}

} // namespace posthorn

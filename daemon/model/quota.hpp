// How much of its quota a source has used. Windows are those of the clock: a minute from :00 on, a
// day from midnight on.
#pragma once

#include "model/time.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn {

enum class quota_window : std::uint8_t { minute, day };

inline constexpr std::array<std::string_view, 2> quota_window_names{"minute", "day"};

constexpr std::string_view name_of(quota_window w) {
    return quota_window_names[static_cast<std::size_t>(w)];
}

struct quota_use {
    quota_window window = quota_window::minute;
    std::int64_t limit = 0; // events
    std::int64_t used = 0;  // taken in, or just being taken in
    instant ends{};         // then it begins again
    std::string ends_at;    // the same in the configured zone: "00:00 Asia/Shanghai"

    bool is_full() const { return used >= limit; }
    bool is_nearly_full() const { return used >= limit - limit / 5; } // 80 %
};

} // namespace posthorn

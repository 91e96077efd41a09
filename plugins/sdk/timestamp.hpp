// A time as the carriers of China write it in one number of 32 bits: MMDDhhmmss.
#pragma once

#include <chrono>
#include <cstdint>

namespace posthorn::sdk {

/// MMDDhhmmss as a decimal number, of a time in China's zone as seconds since 1970 there.
constexpr std::uint32_t timestamp_of(std::int64_t seconds_of_china) noexcept {
    using namespace std::chrono;
    const auto at = sys_seconds(seconds(seconds_of_china));
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss time(at - day);
    const auto two = [](auto n) { return static_cast<std::uint32_t>(n); };
    return (
        (((static_cast<unsigned>(date.month()) * 100 + static_cast<unsigned>(date.day())) * 100 +
          two(time.hours().count())) *
             100 +
         two(time.minutes().count())) *
            100 +
        two(time.seconds().count()));
}

} // namespace posthorn::sdk

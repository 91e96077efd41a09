// SMPP times (3.4 section 7.1.1): YYMMDDhhmmsstnnp, 16 characters.
//
//     t tenths; nn quarter hours between the local time given and UTC;
//     p: '+' local is ahead of UTC, '-' behind, 'R' relative (years, months, days … from now)
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::smpp {

struct time_value {
    enum kind : std::uint8_t { absent, absolute, relative, invalid };
    kind what = absent;
    std::int64_t utc_us = 0; // absolute: microseconds since 1970-01-01 UTC
    // relative: as written; years and months have no fixed length
    std::uint8_t years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0;

    /// relative, with months of 30 and years of 365 days.
    std::chrono::seconds span() const noexcept;
};

/// Years below `pivot` are 20xx, the others 19xx.
time_value parse_time(std::string_view text, unsigned pivot = 38) noexcept;

/// A relative time that ends no later than `span` from now whatever the calendar (a month counts
/// as 31 days). From 1 s to 99 years; outside it is clamped.
std::string format_relative(std::chrono::seconds span);

/// An absolute time in UTC (`…000+`); tenths are cut, not rounded.
std::string format_absolute(std::int64_t utc_us);

} // namespace posthorn::smpp

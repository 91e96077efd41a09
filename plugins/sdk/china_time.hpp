// How the carriers of China write a time. Their clocks stand at UTC+8 all year.
#pragma once

#include "sdk/unit.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace posthorn::sdk {

constexpr std::chrono::hours china_is_ahead{8};

/// As a clock in China shows it.
constexpr std::chrono::sys_seconds china_clock(instant at) noexcept {
    return std::chrono::floor<std::chrono::seconds>(at + china_is_ahead);
}

namespace detail {

// Year of the century, month, day, hour, minute, second.
inline std::array<unsigned, 6> clock_of(std::chrono::sys_seconds local) noexcept {
    using namespace std::chrono;
    const auto day = floor<days>(local);
    const year_month_day date(day);
    const hh_mm_ss time(local - day);
    const auto two = [](auto n) { return static_cast<unsigned>(n); };
    return {two(static_cast<int>(date.year()) % 100),
            two(static_cast<unsigned>(date.month())),
            two(static_cast<unsigned>(date.day())),
            two(time.hours().count()),
            two(time.minutes().count()),
            two(time.seconds().count())};
}

} // namespace detail

/// MMDDhhmmss as a decimal number: the timestamps of logins and sequences. `local`: of china_clock().
inline std::uint32_t month_to_second(std::chrono::sys_seconds local) noexcept {
    const auto clock = detail::clock_of(local);
    std::uint32_t out = 0;
    for (std::size_t i = 1; i < clock.size(); ++i)
        out = out * 100 + clock[i];
    return out;
}

/// `261122093045032+`: a time as in SMPP, which says itself how far it is from UTC.
class china_time {
public:
    explicit china_time(instant at) noexcept {
        const auto clock = detail::clock_of(china_clock(at));
        for (std::size_t i = 0; i < clock.size(); ++i) {
            text_[2 * i] = static_cast<char>('0' + clock[i] / 10);
            text_[2 * i + 1] = static_cast<char>('0' + clock[i] % 10);
        }
    }
    std::string_view text() const noexcept { return {text_.data(), text_.size()}; }

private:
    std::array<char, 16> text_{'0', '0', '0', '0', '0', '0', '0', '0',
                               '0', '0', '0', '0', '0', '3', '2', '+'};
};

} // namespace posthorn::sdk

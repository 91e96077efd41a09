#include "smpp/codec/time.hpp"

#include "sdk/numerals.hpp"

#include <cstdio>

namespace posthorn::smpp {

namespace {

constexpr std::int64_t seconds_per_day = 86400;

unsigned two_digits(std::string_view text, std::size_t at) noexcept {
    return static_cast<unsigned>(text[at] - '0') * 10 + static_cast<unsigned>(text[at + 1] - '0');
}

time_value relative_time(std::string_view text) noexcept {
    const auto field = [&](std::size_t at) {
        return static_cast<std::uint8_t>(two_digits(text, at));
    };
    return {.what = time_value::relative,
            .years = field(0),
            .months = field(2),
            .days = field(4),
            .hours = field(6),
            .minutes = field(8),
            .seconds = field(10)};
}

time_value absolute_time(std::string_view text, unsigned pivot) noexcept {
    using namespace std::chrono;
    const auto short_year = two_digits(text, 0);
    const auto full_year = static_cast<int>(short_year) + (short_year < pivot ? 2000 : 1900);
    const auto date = year{full_year} / month{two_digits(text, 2)} / day{two_digits(text, 4)};
    const auto h = two_digits(text, 6), m = two_digits(text, 8), s = two_digits(text, 10);
    const auto quarters = two_digits(text, 13);
    if (!date.ok() || h > 23 || m > 59 || s > 59 || quarters > 48)
        return {.what = time_value::invalid};
    const auto offset = static_cast<std::int64_t>(quarters) * 900 * (text[15] == '+' ? 1 : -1);
    const std::int64_t days = sys_days{date}.time_since_epoch().count();
    const auto utc = days * seconds_per_day + h * 3600 + m * 60 + s - offset;
    const auto tenths = static_cast<std::int64_t>(text[12] - '0');
    return {.what = time_value::absolute, .utc_us = utc * 1'000'000 + tenths * 100'000};
}

} // namespace

std::chrono::seconds time_value::span() const noexcept {
    const std::int64_t whole_days = std::int64_t{years} * 365 + std::int64_t{months} * 30 + days;
    return std::chrono::seconds(whole_days * seconds_per_day + std::int64_t{hours} * 3600 +
                                std::int64_t{minutes} * 60 + seconds);
}

time_value parse_time(std::string_view text, unsigned pivot) noexcept {
    if (text.empty())
        return {};
    if (text.size() != 16 || !sdk::all_digits(text.substr(0, 15)))
        return {.what = time_value::invalid};
    switch (text[15]) {
    case 'R':
        return relative_time(text);
    case '+':
    case '-':
        return absolute_time(text, pivot);
    default:
        return {.what = time_value::invalid};
    }
}

std::string format_relative(std::chrono::seconds span) {
    constexpr std::int64_t longest = std::int64_t{99} * 372 * seconds_per_day;
    const auto total = std::clamp<std::int64_t>(span.count(), 1, longest);
    const auto days = total / seconds_per_day, rest = total % seconds_per_day;
    const auto months = days / 31;
    char text[32];
    std::snprintf(text, sizeof text, "%02d%02d%02d%02d%02d%02d000R", static_cast<int>(months / 12),
                  static_cast<int>(months % 12), static_cast<int>(days % 31),
                  static_cast<int>(rest / 3600), static_cast<int>(rest / 60 % 60),
                  static_cast<int>(rest % 60));
    return std::string(text, 16);
}

std::string format_absolute(std::int64_t utc_us) {
    using namespace std::chrono;
    const sys_time<microseconds> when{microseconds(utc_us)};
    const auto midnight = floor<days>(when);
    const year_month_day date(midnight);
    const auto tenths = duration_cast<milliseconds>(when - midnight).count() / 100;
    char text[40];
    std::snprintf(text, sizeof text, "%02d%02u%02u%02d%02d%02d%d00+",
                  ((static_cast<int>(date.year()) % 100) + 100) % 100,
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(tenths / 36000), static_cast<int>(tenths / 600 % 60),
                  static_cast<int>(tenths / 10 % 60), static_cast<int>(tenths % 10));
    return std::string(text, 16);
}

} // namespace posthorn::smpp

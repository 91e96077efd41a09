#include "templates/calendar.hpp"

#include "templates/in_quotes.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace posthorn::templates {

namespace {

// Takes exactly `count` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
    if (text.size() < count)
        return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
}

bool take(std::string_view& text, char c) {
    if (!text.starts_with(c))
        return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::int64_t> take_date(std::string_view& text) {
    const auto year = take_digits(text, 4);
    if (!year || !take(text, '-'))
        return std::nullopt;
    const auto month = take_digits(text, 2);
    if (!month || !take(text, '-'))
        return std::nullopt;
    const auto day = take_digits(text, 2);
    if (!day)
        return std::nullopt;
    const auto date = std::chrono::year(*year) / std::chrono::month(static_cast<unsigned>(*month)) /
                      std::chrono::day(static_cast<unsigned>(*day));
    if (!date.ok() || *year == 0)
        return std::nullopt;
    return std::chrono::sys_days(date).time_since_epoch().count();
}

// Up to six digits of a second's fraction; more are cut off.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
    if (!take(text, '.'))
        return 0;
    std::int64_t micros = 0;
    std::size_t count = 0;
    while (auto digit = take_digits(text, 1)) {
        if (count++ < 6)
            micros = micros * 10 + *digit;
    }
    if (count == 0)
        return std::nullopt;
    for (; count < 6; ++count)
        micros *= 10;
    return micros;
}

std::optional<std::int64_t> take_clock(std::string_view& text) {
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ':'))
        return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute || *hour > 23 || *minute > 59)
        return std::nullopt;
    const auto minutes = std::int64_t{*hour} * 60 + *minute;
    if (!take(text, ':'))
        return minutes * 60'000'000;
    const auto second = take_digits(text, 2);
    const auto fraction = second ? take_fraction(text) : std::nullopt;
    if (!fraction || *second > 60) // 60: a leap second, taken as the next minute
        return std::nullopt;
    return minutes * 60'000'000 + std::int64_t{*second} * 1'000'000 + *fraction;
}

// Microseconds east of UTC.
std::optional<std::int64_t> take_offset(std::string_view& text) {
    if (take(text, 'Z') || take(text, 'z'))
        return 0;
    const bool west = text.starts_with('-');
    if (!take(text, '+') && !take(text, '-'))
        return std::nullopt;
    const auto hours = take_digits(text, 2);
    if (!hours || !take(text, ':'))
        return std::nullopt;
    const auto minutes = take_digits(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59)
        return std::nullopt;
    const auto offset = (std::int64_t{*hours} * 60 + *minutes) * 60'000'000;
    return west ? -offset : offset;
}

} // namespace

result<std::int64_t> parse_date(std::string_view text) {
    auto rest = text;
    const auto days = take_date(rest);
    if (!days || !rest.empty())
        return refuse("not a date like 2025-07-31: " + in_quotes(text));
    return *days;
}

result<std::int64_t> parse_time(std::string_view text, const zone& local) {
    const auto wrong = [&] {
        return refuse("not a time like 2025-07-31T08:00:00+08:00: " + in_quotes(text));
    };
    auto rest = text;
    const auto days = take_date(rest);
    if (!days || !(take(rest, 'T') || take(rest, 't') || take(rest, ' ')))
        return wrong();
    const auto clock = take_clock(rest);
    if (!clock)
        return wrong();
    const auto wall = *days * 86'400'000'000 + *clock;
    if (rest.empty())
        return local.to_utc(wall);
    const auto offset = take_offset(rest);
    if (!offset || !rest.empty())
        return wrong();
    return wall - *offset;
}

} // namespace posthorn::templates

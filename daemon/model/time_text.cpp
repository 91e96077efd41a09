#include "model/time_text.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace posthorn {

namespace {

// Takes exactly `digits` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits)
        return std::nullopt;
    int value = 0;
    const auto* end = text.data() + digits;
    for (const auto* at = text.data(); at != end; ++at)
        if (*at < '0' || *at > '9')
            return std::nullopt;
    std::from_chars(text.data(), end, value);
    text.remove_prefix(digits);
    return value;
}

bool take_sign(std::string_view& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text.front()) == std::string_view::npos)
        return false;
    text.remove_prefix(1);
    return true;
}

// ".5" is 500000 us; digits beyond the sixth are dropped.
std::optional<int> take_fraction(std::string_view& text) {
    if (!take_sign(text, "."))
        return 0;
    int micros = 0;
    int digits = 0;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1))
        if (digits++ < 6)
            micros = micros * 10 + (text.front() - '0');
    if (digits == 0)
        return std::nullopt;
    for (; digits < 6; ++digits)
        micros *= 10;
    return micros;
}

std::optional<std::chrono::minutes> take_zone(std::string_view& text) {
    using std::chrono::hours;
    using std::chrono::minutes;
    if (take_sign(text, "Zz"))
        return minutes{0};
    const bool west = !text.empty() && text.front() == '-';
    if (!take_sign(text, "+-"))
        return std::nullopt;
    const auto h = take_number(text, 2);
    if (!h || *h > 23 || !take_sign(text, ":"))
        return std::nullopt;
    const auto m = take_number(text, 2);
    if (!m || *m > 59)
        return std::nullopt;
    const auto offset = hours(*h) + minutes(*m);
    return west ? -offset : offset;
}

} // namespace

std::optional<instant> time_from(std::string_view text) {
    using namespace std::chrono;
    const auto y = take_number(text, 4);
    const bool dash = take_sign(text, "-");
    const auto mo = take_number(text, 2);
    const bool dash2 = take_sign(text, "-");
    const auto d = take_number(text, 2);
    if (!y || !dash || !mo || !dash2 || !d || !take_sign(text, "Tt "))
        return std::nullopt;
    const auto h = take_number(text, 2);
    const bool colon = take_sign(text, ":");
    const auto mi = take_number(text, 2);
    const bool colon2 = take_sign(text, ":");
    const auto s = take_number(text, 2);
    if (!h || !colon || !mi || !colon2 || !s || *h > 23 || *mi > 59 || *s > 60)
        return std::nullopt;
    const auto fraction = take_fraction(text);
    const auto zone = fraction ? take_zone(text) : std::nullopt;
    const year_month_day date{year(*y), month(static_cast<unsigned>(*mo)),
                              day(static_cast<unsigned>(*d))};
    if (!zone || !text.empty() || !date.ok())
        return std::nullopt;
    return instant(sys_days(date)) + hours(*h) + minutes(*mi) + seconds(*s) +
           microseconds(*fraction) - *zone;
}

std::string iso(std::chrono::year_month_day day) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(day.year()),
                  static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
    return text.data();
}

std::string rfc3339(instant t) {
    using namespace std::chrono;
    const auto day = floor<days>(t);
    const hh_mm_ss time{floor<microseconds>(t - day)};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "T%02d:%02d:%02d",
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    std::string out = iso(year_month_day{day}) + text.data();
    if (const auto micros = time.subseconds().count(); micros != 0) {
        std::snprintf(text.data(), text.size(), ".%06d", static_cast<int>(micros));
        out += text.data();
    }
    return out + "Z";
}

std::string minute_in_utc(instant t) {
    const auto text = rfc3339(t);
    return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

} // namespace posthorn

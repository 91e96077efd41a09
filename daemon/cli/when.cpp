#include "cli/when.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <optional>

namespace posthorn::cli {

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

std::optional<instant> read_time(std::string_view text) {
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

std::string local_text(instant t, bool millis) {
    const auto whole = std::chrono::floor<std::chrono::seconds>(t);
    const std::time_t seconds = whole.time_since_epoch().count();
    std::tm parts{};
    localtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    std::string out(text.data(),
                    std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &parts));
    if (millis) {
        const int length = std::snprintf(text.data(), text.size(), ".%03d",
                                         static_cast<int>((t - whole).count() / 1000));
        out.append(text.data(), static_cast<std::size_t>(length));
    }
    return out;
}

} // namespace

result<instant> parse_time(std::string_view rfc3339) {
    if (const auto t = read_time(rfc3339))
        return *t;
    return refuse("'" + std::string(rfc3339) +
                  "' is not a time: write RFC 3339 with a zone, like 2026-11-02T09:00:00+08:00");
}

std::string local_time(instant t) { return local_text(t, false); }

std::string local_time_millis(instant t) { return local_text(t, true); }

std::string shown_time(std::string_view rfc3339) {
    const auto t = read_time(rfc3339);
    return t ? local_time_millis(*t) : std::string(rfc3339);
}

} // namespace posthorn::cli

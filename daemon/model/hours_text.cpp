#include "model/hours_text.hpp"

#include <cstdio>

namespace posthorn {

namespace {

constexpr int minutes_of_day = 24 * 60;

std::optional<int> digits_from(std::string_view& text) {
    int value = 0;
    std::size_t n = 0;
    while (n < text.size() && n < 2 && text[n] >= '0' && text[n] <= '9')
        value = value * 10 + (text[n++] - '0');
    text.remove_prefix(n);
    return n > 0 ? std::optional(value) : std::nullopt;
}

// 8, 08:30, 24:00; in minutes.
std::optional<int> time_from_clock(std::string_view& text) {
    const auto hour = digits_from(text);
    int minute = 0;
    if (text.starts_with(':')) {
        text.remove_prefix(1);
        const auto before = text.size();
        const auto read = digits_from(text);
        if (!read || before - text.size() != 2)
            return std::nullopt;
        minute = *read;
    }
    if (!hour || minute > 59 || *hour * 60 + minute > minutes_of_day)
        return std::nullopt;
    return *hour * 60 + minute;
}

} // namespace

std::optional<day_hours> hours_from(std::string_view written) {
    const auto from = time_from_clock(written);
    if (!from || !written.starts_with('-'))
        return std::nullopt;
    written.remove_prefix(1);
    const auto to = time_from_clock(written);
    if (!to || !written.empty() || *from == *to || *from == minutes_of_day)
        return std::nullopt;
    if (*from == 0 && *to == minutes_of_day)
        return day_hours{};
    return day_hours{static_cast<std::int16_t>(*from),
                     static_cast<std::int16_t>(*to % minutes_of_day)};
}

std::string shown(day_hours h) {
    if (h.all_day())
        return "00:00-24:00";
    char out[16];
    const int to = h.to == 0 ? minutes_of_day : h.to;
    std::snprintf(out, sizeof out, "%02d:%02d-%02d:%02d", h.from / 60 % 100, h.from % 60,
                  to / 60 % 100, to % 60);
    return out;
}

} // namespace posthorn

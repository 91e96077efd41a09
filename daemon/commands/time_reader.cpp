#include "commands/time_reader.hpp"

#include "commands/date_reader.hpp"
#include "commands/scanner.hpp"
#include "model/time_text.hpp"

#include <array>

namespace posthorn::commands {

namespace {

using std::chrono::year_month_day;

struct named_day {
    std::u32string_view word;
    int ahead; // days
};

constexpr std::array<named_day, 9> days_about_today{{{U"今天", 0},
                                                     {U"今日", 0},
                                                     {U"today", 0},
                                                     {U"明天", 1},
                                                     {U"明日", 1},
                                                     {U"tomorrow", 1},
                                                     {U"昨天", -1},
                                                     {U"昨日", -1},
                                                     {U"yesterday", -1}}};

bool take_named_day(scanner& in, year_month_day& day) {
    for (const auto& n : days_about_today)
        if (in.take_word(n.word)) {
            day = std::chrono::sys_days(day) + std::chrono::days(n.ahead);
            return true;
        }
    return false;
}

// 0930, 9:30, 14点, 14点30分, 14时半: minutes of the day.
std::optional<int> take_clock(scanner& in) {
    int hour = 0, minute = 0;
    if (const auto both = in.digits(4, 4)) {
        hour = value_of(both->substr(0, 2));
        minute = value_of(both->substr(2));
    } else if (const auto h = in.digits(1, 2)) {
        hour = value_of(*h);
        if (in.take(U':')) {
            const auto m = in.digits(2, 2);
            minute = m ? value_of(*m) : 60;
        } else if (in.take(U'点') || in.take(U'时')) {
            if (const auto m = in.digits(1, 2)) {
                minute = value_of(*m);
                in.take(U'分');
            } else if (in.take(U'半')) {
                minute = 30;
            } else {
                in.take(U'整');
            }
        } else {
            return std::nullopt;
        }
    } else {
        return std::nullopt;
    }
    return hour < 24 && minute < 60 ? std::optional(hour * 60 + minute) : std::nullopt;
}

// A number that begins a place, "1200 Main St", is no time: after a time there is a sign, another
// time, or nothing.
bool is_over(const plain_text& text, scanner& in) {
    if (in.at() < text.size() && is_digit(in.next()))
        return false;
    auto after = in;
    const bool spaced = after.take(U' ');
    if (after.at() >= text.size() || separates(after.next()) || (spaced && is_digit(after.next())))
        return true;
    year_month_day any{};
    auto day = after;
    if (take_named_day(day, any))
        return true;
    if (!after.take(U'至') && !after.take(U'到'))
        return false;
    in = after;
    return true;
}

std::string clock_text(int minutes) {
    const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(minutes / 60) + ":" + two(minutes % 60);
}

} // namespace

std::optional<argument_text> read_time(const plain_text& text, std::size_t at,
                                       year_month_day today) {
    scanner in(text, at);
    auto day = today;
    if (!take_named_day(in, day))
        if (const auto full = take_full_date(in))
            day = *full;
    in.take(U' ');
    const auto minutes = take_clock(in);
    if (!minutes || !is_over(text, in))
        return std::nullopt;
    return argument_text{iso(day) + "T" + clock_text(*minutes), in.at()};
}

} // namespace posthorn::commands

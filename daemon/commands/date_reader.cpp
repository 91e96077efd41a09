#include "commands/date_reader.hpp"

#include "model/time_text.hpp"

#include <array>

namespace posthorn::commands {

namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::months;
using std::chrono::year;
using std::chrono::year_month;
using std::chrono::year_month_day;

bool sensible(year_month_day d) {
    return d.ok() && d.year() >= year(2000) && d.year() <= year(2099);
}

month month_of(std::u32string_view digits) {
    return month(static_cast<unsigned>(value_of(digits)));
}
day day_of(std::u32string_view digits) { return day(static_cast<unsigned>(value_of(digits))); }

// 202610 and 20261123.
std::optional<year_month_day> compact_date(scanner& in, bool with_day) {
    const auto run = in.digits(with_day ? 8 : 6, with_day ? 8 : 6);
    if (!run)
        return std::nullopt;
    return year(value_of(run->substr(0, 4))) / month_of(run->substr(4, 2)) /
           (with_day ? day_of(run->substr(6)) : day(1));
}

// 2026-10 and 2026/11/23.
std::optional<year_month_day> dashed_date(scanner& in, bool with_day) {
    const auto y = in.digits(4, 4);
    if (!y || !in.take_one_of(U"-/."))
        return std::nullopt;
    const auto m = in.digits(1, 2);
    if (!m || (with_day && !in.take_one_of(U"-/.")))
        return std::nullopt;
    const auto d = with_day ? in.digits(1, 2) : std::u32string_view(U"1");
    if (!d)
        return std::nullopt;
    return year(value_of(*y)) / month_of(*m) / day_of(*d);
}

// The latest that is not after today: of 10月 in November this year's, in September last year's.
year_month_day latest(year y, month m, std::optional<day> d, year_month_day today) {
    const auto is_ahead = [&] {
        return d ? y / m / *d > today : y / m > today.year() / today.month();
    };
    if (is_ahead())
        y -= std::chrono::years(1);
    return y / m / d.value_or(day(1));
}

// 2026年10月, 10月, 2026年11月23日, 11月23号.
std::optional<year_month_day> written_date(scanner& in, bool with_day, year_month_day today) {
    std::optional<year> y;
    auto first = in.digits(1, 4);
    if (first && first->size() == 4) {
        if (!in.take_sign(U'年'))
            return std::nullopt;
        y = year(value_of(*first));
        in.take(U' ');
        first = in.digits(1, 2);
    }
    if (!first || first->size() > 2 || !in.take_sign(U'月'))
        return std::nullopt;
    std::optional<day> d;
    if (with_day) {
        in.take(U' ');
        const auto written = in.digits(1, 2);
        if (!written || !(in.take_sign(U'日') || in.take_sign(U'号')))
            return std::nullopt;
        d = day_of(*written);
    } else {
        in.take(U'份');
    }
    const auto m = month_of(*first);
    return y ? *y / m / d.value_or(day(1)) : latest(today.year(), m, d, today);
}

struct named_time {
    std::u32string_view word;
    int back; // months or days before the present one
};

constexpr std::array<named_time, 10> named_months{{{U"上个月", 1},
                                                   {U"上月", 1},
                                                   {U"last month", 1},
                                                   {U"last", 1},
                                                   {U"这个月", 0},
                                                   {U"本月", 0},
                                                   {U"这月", 0},
                                                   {U"当月", 0},
                                                   {U"this month", 0},
                                                   {U"this", 0}}};
constexpr std::array<named_time, 6> named_days{
    {{U"今天", 0}, {U"今日", 0}, {U"today", 0}, {U"昨天", 1}, {U"昨日", 1}, {U"yesterday", 1}}};

std::optional<year_month_day> named_date(scanner& in, bool with_day, year_month_day today) {
    if (with_day) {
        for (const auto& n : named_days)
            if (in.take_word(n.word))
                return year_month_day(std::chrono::sys_days(today) - std::chrono::days(n.back));
    } else {
        for (const auto& n : named_months)
            if (in.take_word(n.word))
                return (today.year() / today.month() - months(n.back)) / day(1);
    }
    return std::nullopt;
}

std::optional<argument_text> read_date(const plain_text& text, std::size_t at, bool with_day,
                                       year_month_day today) {
    const auto tried = [&](auto&& read) -> std::optional<argument_text> {
        scanner in(text, at);
        const std::optional<year_month_day> found = read(in);
        if (!found || !sensible(*found) || !in.ends_number())
            return std::nullopt;
        return argument_text{iso(*found), in.at()};
    };
    if (auto made = tried([&](scanner& in) { return compact_date(in, with_day); }))
        return made;
    if (auto made = tried([&](scanner& in) { return dashed_date(in, with_day); }))
        return made;
    if (auto made = tried([&](scanner& in) { return written_date(in, with_day, today); }))
        return made;
    return tried([&](scanner& in) { return named_date(in, with_day, today); });
}

} // namespace

std::optional<year_month_day> take_full_date(scanner& in) {
    for (const auto read : {compact_date, dashed_date}) {
        auto trial = in;
        const auto found = read(trial, true);
        if (!found || !sensible(*found))
            continue;
        in = trial;
        return found;
    }
    return std::nullopt;
}

std::optional<argument_text> read_month(const plain_text& text, std::size_t at,
                                        year_month_day today) {
    return read_date(text, at, false, today);
}

std::optional<argument_text> read_day(const plain_text& text, std::size_t at,
                                      year_month_day today) {
    return read_date(text, at, true, today);
}

} // namespace posthorn::commands

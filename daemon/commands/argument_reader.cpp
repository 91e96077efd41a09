#include "commands/argument_reader.hpp"

#include <algorithm>
#include <array>

namespace posthorn::commands {

namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::months;
using std::chrono::year;
using std::chrono::year_month;
using std::chrono::year_month_day;

constexpr std::size_t longest_rest = 100;

// Goes through a text from a place on; a step that does not fit leaves it where it is.
class scanner {
public:
    scanner(const plain_text& text, std::size_t at) : text_(text), at_(at) {}

    std::size_t at() const { return at_; }
    char32_t next() const { return at_ < text_.size() ? text_.folded[at_] : U'\0'; }
    char32_t after_next() const { return at_ + 1 < text_.size() ? text_.folded[at_ + 1] : U'\0'; }

    // A whole run of digits, if it has so many.
    std::optional<std::u32string_view> digits(std::size_t least, std::size_t most) {
        auto end = at_;
        while (end < text_.size() && is_digit(text_.folded[end]))
            ++end;
        if (end - at_ < least || end - at_ > most)
            return std::nullopt;
        return taken(end);
    }
    bool take(char32_t c) {
        if (next() != c)
            return false;
        ++at_;
        return true;
    }
    bool take_one_of(std::u32string_view set) {
        return at_ < text_.size() && set.find(next()) != std::u32string_view::npos && take(next());
    }
    bool take_word(std::u32string_view word) {
        if (!std::u32string_view(text_.folded).substr(at_).starts_with(word))
            return false;
        at_ += word.size();
        return true;
    }
    // Also with a space before it: "2026 年 10 月".
    bool take_sign(char32_t c) {
        const auto before = at_;
        take(U' ');
        if (take(c))
            return true;
        at_ = before;
        return false;
    }
    // What is read so far ends here: no digit or letter belongs to it still.
    bool ends() const {
        if (at_ == 0 || at_ >= text_.size())
            return true;
        const auto ascii = [](char32_t c) { return c < 0x80 && (is_digit(c) || is_letter(c)); };
        return !ascii(text_.folded[at_ - 1]) || !ascii(next());
    }
    // As ends(); nor does "-01" or ".5" follow.
    bool ends_number() const {
        const bool joined = std::u32string_view(U"-/.").find(next()) != std::u32string_view::npos;
        return ends() && !(joined && is_digit(after_next()));
    }

private:
    std::u32string_view taken(std::size_t end) {
        const auto part = std::u32string_view(text_.folded).substr(at_, end - at_);
        at_ = end;
        return part;
    }

    const plain_text& text_;
    std::size_t at_;
};

int value_of(std::u32string_view digits) {
    int value = 0;
    for (const auto c : digits)
        value = value * 10 + static_cast<int>(c - U'0');
    return value;
}

std::string two(unsigned n) { return (n < 10 ? "0" : "") + std::to_string(n); }

std::string iso(year_month_day d) {
    return std::to_string(static_cast<int>(d.year())) + "-" +
           two(static_cast<unsigned>(d.month())) + "-" + two(static_cast<unsigned>(d.day()));
}

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

std::optional<argument_text> read_digits(const plain_text& text, std::size_t at, std::size_t least,
                                         std::size_t most) {
    scanner in(text, at);
    const auto run = in.digits(least, most);
    if (!run || !in.ends())
        return std::nullopt;
    return argument_text{to_utf8(*run), in.at()};
}

// "-5" after a space is below zero and not 5; "YE-5" has a dash between.
bool is_negative(const plain_text& text, std::size_t at) {
    return at > 1 && text.shown[at - 1] == U'-' && text.shown[at - 2] == U' ';
}

std::optional<argument_text> read_amount(const plain_text& text, std::size_t at, bool whole) {
    scanner in(text, at);
    const auto units = in.digits(1, 15);
    if (!units || is_negative(text, at))
        return std::nullopt;
    auto value = to_utf8(*units);
    if (!whole && in.next() == U'.' && is_digit(in.after_next())) {
        in.take(U'.');
        const auto fraction = in.digits(1, 3);
        if (!fraction)
            return std::nullopt;
        value += "." + to_utf8(*fraction);
    }
    if (!in.ends_number())
        return std::nullopt;
    if (!whole)
        in.take_sign(U'元');
    return argument_text{std::move(value), in.at()};
}

std::optional<argument_text> read_document(const plain_text& text, std::size_t at) {
    const auto belongs = [](char32_t c) {
        return c == U'-' || is_digit(c) || (c >= U'a' && c <= U'z');
    };
    auto end = at;
    while (end < text.size() && belongs(text.folded[end]))
        ++end;
    while (end > at && text.folded[end - 1] == U'-')
        --end;
    const auto written = std::u32string_view(text.folded).substr(at, end - at);
    if (written.size() < 4 || written.size() > 32 || !std::ranges::any_of(written, is_digit))
        return std::nullopt;
    auto value = to_utf8(written);
    for (auto& c : value)
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    return argument_text{std::move(value), end};
}

// 13800000001, +86 138-0000-0001: groups belong together until there are eleven digits.
std::optional<argument_text> read_number(const plain_text& text, std::size_t at) {
    const bool international = at > 0 && text.shown[at - 1] == U'+';
    std::string digits;
    auto end = at;
    for (auto i = at; i < text.size(); ++i) {
        const auto c = text.folded[i];
        if (is_digit(c)) {
            digits += static_cast<char>(c);
            end = i + 1;
        } else if (digits.size() >= 11 ||
                   std::u32string_view(U" -.()").find(c) == std::u32string_view::npos) {
            break;
        }
    }
    scanner after(text, end);
    if (digits.size() < 5 || digits.size() > 20 || !after.ends())
        return std::nullopt;
    return argument_text{(international ? "+" : "") + digits, end};
}

std::optional<argument_text> read_rest(const plain_text& text, std::size_t at) {
    auto end = text.size();
    while (end > at && separates(text.shown[end - 1]))
        --end;
    if (end == at || end - at > longest_rest)
        return std::nullopt;
    return argument_text{to_utf8(std::u32string_view(text.shown).substr(at, end - at)), end};
}

} // namespace

std::optional<argument_text> read_argument(argument_kind kind, const plain_text& text,
                                           std::size_t at, year_month_day today) {
    switch (kind) {
    case argument_kind::account:
        return read_digits(text, at, 6, 20);
    case argument_kind::month:
        return read_date(text, at, false, today);
    case argument_kind::date:
        return read_date(text, at, true, today);
    case argument_kind::amount:
        return read_amount(text, at, false);
    case argument_kind::integer:
        return read_amount(text, at, true);
    case argument_kind::document:
        return read_document(text, at);
    case argument_kind::area:
    case argument_kind::text:
        return read_rest(text, at);
    case argument_kind::pin:
        return read_digits(text, at, 4, 8);
    case argument_kind::code:
        return read_digits(text, at, 6, 6);
    case argument_kind::number:
        return read_number(text, at);
    }
    return std::nullopt;
}

} // namespace posthorn::commands

#include "commands/argument_reader.hpp"

#include "commands/date_reader.hpp"
#include "commands/scanner.hpp"
#include "commands/time_reader.hpp"

#include <algorithm>

namespace posthorn::commands {

namespace {

constexpr std::size_t longest_rest = 100;

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
    return at > 1 && text.folded[at - 1] == U'-' && text.folded[at - 2] == U' ';
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

// From `at` to `end`, without what separates words there.
std::optional<argument_text> read_until(const plain_text& text, std::size_t at, std::size_t end) {
    while (end > at && separates(text.shown[end - 1]))
        --end;
    if (end == at || end - at > longest_rest)
        return std::nullopt;
    return argument_text{to_utf8(std::u32string_view(text.shown).substr(at, end - at)), end};
}

} // namespace

std::optional<argument_text> read_argument(argument_kind kind, const plain_text& text,
                                           std::size_t at, std::chrono::year_month_day today) {
    switch (kind) {
    case argument_kind::account:
        return read_digits(text, at, 6, 20);
    case argument_kind::month:
        return read_month(text, at, today);
    case argument_kind::date:
        return read_day(text, at, today);
    case argument_kind::amount:
        return read_amount(text, at, false);
    case argument_kind::integer:
        return read_amount(text, at, true);
    case argument_kind::document:
        return read_document(text, at);
    case argument_kind::area:
    case argument_kind::text:
        return read_until(text, at, text.size());
    case argument_kind::piece:
        return read_until(text, at, std::min(text.folded.find_first_of(U",;|", at), text.size()));
    case argument_kind::time:
        return read_time(text, at, today);
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

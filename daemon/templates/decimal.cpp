#include "templates/decimal.hpp"

#include "model/digits.hpp"
#include "templates/in_quotes.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace posthorn::templates {

namespace {

__extension__ using wide = __int128;

constexpr std::uint8_t most_decimals = 18;

constexpr std::int64_t power_of_ten(unsigned exponent) {
    std::int64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

bool is_digits(std::string_view text) { return !text.empty() && all_digits(text); }

} // namespace

result<decimal> parse_decimal(std::string_view text) {
    auto rest = text;
    const bool negative = rest.starts_with('-');
    if (negative)
        rest.remove_prefix(1);
    const auto point = rest.find('.');
    const auto whole = rest.substr(0, point);
    const auto fraction =
        point == std::string_view::npos ? std::string_view() : rest.substr(point + 1);
    const bool shaped = is_digits(whole) && (whole.size() == 1 || whole[0] != '0') &&
                        (point == std::string_view::npos || is_digits(fraction));
    if (!shaped)
        return refuse("not a decimal string: " + in_quotes(text));
    if (fraction.size() > most_decimals)
        return refuse("more than 18 digits after the point: " + in_quotes(text));
    std::int64_t digits = 0;
    for (const auto part : {whole, fraction})
        for (const char c : part) {
            const int digit = negative ? '0' - c : c - '0';
            if (__builtin_mul_overflow(digits, 10, &digits) ||
                __builtin_add_overflow(digits, digit, &digits))
                return refuse("too large: " + in_quotes(text));
        }
    return decimal{digits, static_cast<std::uint8_t>(fraction.size())};
}

result<std::int64_t> rescale(decimal number, std::uint8_t scale) {
    if (number.scale > scale) {
        const auto divisor = power_of_ten(static_cast<unsigned>(number.scale - scale));
        if (number.digits % divisor != 0)
            return refuse("more than " + std::to_string(scale) +
                          " digits after the point: " + in_quotes(show(number)));
        return number.digits / divisor;
    }
    std::int64_t scaled = 0;
    const auto factor = power_of_ten(static_cast<unsigned>(scale - number.scale));
    if (__builtin_mul_overflow(number.digits, factor, &scaled))
        return refuse("too large: " + in_quotes(show(number)));
    return scaled;
}

std::strong_ordering compare(decimal a, decimal b) {
    const auto scale = std::max(a.scale, b.scale);
    const auto at = [&](decimal d) {
        return static_cast<wide>(d.digits) * power_of_ten(static_cast<unsigned>(scale - d.scale));
    };
    const wide left = at(a);
    const wide right = at(b);
    return left < right   ? std::strong_ordering::less
           : left > right ? std::strong_ordering::greater
                          : std::strong_ordering::equal;
}

void append(std::string& out, decimal number) {
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number.digits).ptr;
    std::string_view digits(buffer, static_cast<std::size_t>(end - buffer));
    if (number.scale == 0) {
        out += digits;
        return;
    }
    if (digits.starts_with('-')) {
        out += '-';
        digits.remove_prefix(1);
    }
    if (digits.size() > number.scale)
        out += digits.substr(0, digits.size() - number.scale);
    else
        out.append("0");
    out += '.';
    if (digits.size() < number.scale)
        out.append(number.scale - digits.size(), '0');
    out += digits.substr(digits.size() - std::min<std::size_t>(digits.size(), number.scale));
}

std::string show(decimal number) {
    std::string out;
    append(out, number);
    return out;
}

} // namespace posthorn::templates

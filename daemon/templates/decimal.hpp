// Exact decimal numbers: "-128.50" is 12850 with two digits after the point.
#pragma once

#include "model/refusal.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::templates {

struct decimal {
    std::int64_t digits = 0;
    std::uint8_t scale = 0; // 0..18
};

// [-]digits[.digits] without exponent, spaces or leading zeros. The reason of a refusal shows the
// text.
result<decimal> parse_decimal(std::string_view text);

// The same number with `scale` digits after the point; refused if digits other than zeros would be
// lost, or if it does not fit.
result<std::int64_t> rescale(decimal number, std::uint8_t scale);

std::strong_ordering compare(decimal a, decimal b);

// Plain digits, nothing grouped: -128.50
void append(std::string& out, decimal number);
std::string show(decimal number);

} // namespace posthorn::templates

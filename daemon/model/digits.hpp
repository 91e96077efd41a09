// Digits as people write them for numbers and prices.
#pragma once

#include <algorithm>
#include <string_view>

namespace posthorn {

// Also of none.
inline bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// The beginning of a number, E.164 without '+': one to fifteen digits.
inline bool is_prefix(std::string_view text) {
    return !text.empty() && text.size() <= 15 && all_digits(text);
}

} // namespace posthorn

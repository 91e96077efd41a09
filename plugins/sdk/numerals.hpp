// Numbers and octets as people and carriers write them.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace posthorn::sdk {

/// Nothing when `text` is anything but a number of this type.
template <class Number>
std::optional<Number> whole_number(std::string_view text, int base = 10) noexcept {
    Number number = 0;
    const auto* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number, base);
    if (error != std::errc{} || at != end)
        return std::nullopt;
    return number;
}

/// Also of none.
inline bool all_digits(std::string_view text) noexcept {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Pairs of hexadecimal digits, with spaces wherever one likes; nothing when they are not.
inline std::optional<std::string> octets_of_hex(std::string_view text) {
    std::string digits;
    for (const char c : text)
        if (c != ' ')
            digits += c;
    if (digits.size() % 2 != 0)
        return std::nullopt;
    std::string octets;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const auto octet = whole_number<std::uint8_t>(std::string_view(digits).substr(i, 2), 16);
        if (!octet)
            return std::nullopt;
        octets += static_cast<char>(*octet);
    }
    return octets;
}

} // namespace posthorn::sdk

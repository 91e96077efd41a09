// A positive number as a whole text; nothing when it is anything else.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace posthorn::api {

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number n{};
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, n);
    if (read.ec != std::errc() || read.ptr != end || n <= 0)
        return std::nullopt;
    return n;
}

} // namespace posthorn::api

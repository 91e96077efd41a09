// Of a provider whose answers have words where others have numbers: the table of them. The number of a
// word is its place, from 1.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

namespace posthorn::simulator::http {

struct word {
    std::string_view code, message;
    std::string_view status = "200 OK"; // of HTTP
};

/// 0: it is none of them.
constexpr std::uint32_t number_of(std::span<const word> all, std::string_view code) {
    const auto found = std::ranges::find(all, code, &word::code);
    return found == all.end() ? 0 : static_cast<std::uint32_t>(found - all.begin() + 1);
}

} // namespace posthorn::simulator::http

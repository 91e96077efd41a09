// The sequence number of a packet: twelve octets that no other packet of ours may ever have, for that
// of a SUBMIT is its message's id in every REPORT about it.
//
//     node u32 | time u32: MMDDhhmmss as a decimal number | count u32
#pragma once

#include <array>
#include <charconv>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::sgip {

struct sequence {
    std::uint32_t node = 0; // 3AAAAQQQQQ of a company: above 2^31
    std::uint32_t time = 0;
    std::uint32_t count = 0;
    auto operator<=>(const sequence&) const = default;
};

struct sequence_hash {
    std::size_t operator()(const sequence& s) const noexcept {
        const auto mixed = (std::uint64_t{s.time} << 32 | s.count) * 0x9e3779b97f4a7c15ULL;
        return static_cast<std::size_t>((mixed ^ mixed >> 32) + s.node);
    }
};

/// `3010012345-1122093001-7`, as carriers write it in their logs.
inline std::string text_of(const sequence& s) {
    std::array<char, 33> out;
    auto* at = out.data();
    for (const auto number : {s.node, s.time, s.count}) {
        if (at != out.data())
            *at++ = '-';
        at = std::to_chars(at, out.data() + out.size(), number).ptr;
    }
    return {out.data(), at};
}

inline std::optional<sequence> sequence_of(std::string_view text) noexcept {
    sequence out;
    const auto* at = text.data();
    const auto* const end = at + text.size();
    for (auto* number : {&out.node, &out.time, &out.count}) {
        if (number != &out.node && (at == end || *at++ != '-'))
            return std::nullopt;
        const auto [next, error] = std::from_chars(at, end, *number);
        if (error != std::errc{})
            return std::nullopt;
        at = next;
    }
    return at == end ? std::optional(out) : std::nullopt;
}

} // namespace posthorn::sgip

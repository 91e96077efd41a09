// What a carrier wrote, as far as it may be stored, shown and logged: printable ASCII stays, other
// octets become \xHH, and it is cut at `most` octets. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::sdk {

inline std::string printable(std::string_view octets, std::size_t most) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        const bool plain = octet >= 0x20 && octet <= 0x7E;
        if (out.size() + (plain ? 1 : 4) > most)
            break;
        if (plain)
            out += c;
        else
            (out += "\\x") += {digits[octet >> 4], digits[octet & 15]};
    }
    return out;
}

// An octet that has the major version in its high half, the minor in its low one: "3.0".
inline std::string shown_version(std::uint8_t version) {
    return std::to_string(version >> 4) + "." + std::to_string(version & 0x0F);
}

// An id longer than any carrier's is cut: both in the answer and in the receipt.
inline std::string printable_id(std::string_view id) { return printable(id, 255); }

} // namespace posthorn::sdk

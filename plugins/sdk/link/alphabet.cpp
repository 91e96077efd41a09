#include "sdk/link/alphabet.hpp"

#include <array>

namespace posthorn::sdk {

namespace {

constexpr char escape = 0x1B;

// 3GPP TS 23.038 6.2.1: the table, where it is not ASCII.
constexpr std::array<char16_t, 0x80> table = [] {
    std::array<char16_t, 0x80> t{};
    for (std::size_t i = 0x20; i < t.size(); ++i)
        t[i] = static_cast<char16_t>(i);
    constexpr char16_t first[] = u"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ"; // 0x1B: alone, a space
    for (std::size_t i = 0; i < 0x20; ++i)
        t[i] = first[i];
    t[0x24] = u'¤';
    t[0x40] = u'¡';
    t[0x60] = u'¿';
    constexpr char16_t after_upper[] = u"ÄÖÑÜ§", after_lower[] = u"äöñüà";
    for (std::size_t i = 0; i < 5; ++i) {
        t[0x5B + i] = after_upper[i];
        t[0x7B + i] = after_lower[i];
    }
    return t;
}();

// After the escape; what is not there shows the character of the table.
constexpr char16_t extended(char septet) {
    switch (septet) {
    case 0x0A:
        return u'\f';
    case 0x14:
        return u'^';
    case 0x28:
        return u'{';
    case 0x29:
        return u'}';
    case 0x2F:
        return u'\\';
    case 0x3C:
        return u'[';
    case 0x3D:
        return u'~';
    case 0x3E:
        return u']';
    case 0x40:
        return u'|';
    case 0x65:
        return u'€';
    default:
        return table[static_cast<unsigned char>(septet) & 0x7F];
    }
}

// All of the Basic Multilingual Plane.
template <class Take>
bool each_character(std::string_view septets, Take take) {
    for (std::size_t at = 0; at < septets.size(); ++at) {
        const bool pair = septets[at] == escape && at + 1 < septets.size();
        const auto c =
            pair ? extended(septets[++at]) : table[static_cast<unsigned char>(septets[at]) & 0x7F];
        if (!take(c))
            return false;
    }
    return true;
}

} // namespace

std::optional<std::string> from_gsm(std::string_view septets, alphabet to) {
    if (to == alphabet::gsm7)
        return std::string(septets);
    const char16_t last = to == alphabet::latin1 ? 0xFF : 0x7F;
    std::string out;
    out.reserve(septets.size());
    const bool all = each_character(septets, [&](char16_t c) {
        out += static_cast<char>(c);
        return c <= last;
    });
    if (!all)
        return std::nullopt;
    return out;
}

std::string gsm_to_utf16(std::string_view septets) {
    std::string out;
    out.reserve(septets.size() * 2);
    each_character(septets, [&](char16_t c) {
        out += static_cast<char>(c >> 8);
        out += static_cast<char>(c & 0xFF);
        return true;
    });
    return out;
}

std::string latin1_to_utf8(std::string_view octets) {
    std::string out;
    out.reserve(octets.size());
    for (const char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        if (octet < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0 | octet >> 6);
            out += static_cast<char>(0x80 | (octet & 0x3F));
        }
    }
    return out;
}

} // namespace posthorn::sdk

#include "sdk/simulator/phone_text.hpp"

#include <algorithm>

namespace posthorn::simulator {

namespace {

// The printable ASCII that GSM 03.38 has in one septet, and where it differs.
std::optional<char> as_gsm(char c) {
    switch (c) {
    case '@':
        return '\x00';
    case '$':
        return '\x02';
    case '_':
        return '\x11';
    case '\n':
    case '\r':
        return c;
    case '[':
    case ']':
    case '{':
    case '}':
    case '\\':
    case '~':
    case '|':
    case '^':
    case '`':
        return std::nullopt;
    default:
        return c >= ' ' && c <= '~' ? std::optional(c) : std::nullopt;
    }
}

std::optional<char> as_ascii(char c) {
    return (c >= ' ' && c <= '~') || c == '\n' || c == '\r' ? std::optional(c) : std::nullopt;
}

std::optional<std::string> all_letters(std::string_view text, letters alphabet) {
    std::string octets;
    for (const char c : text) {
        const auto letter = alphabet == letters::gsm ? as_gsm(c) : as_ascii(c);
        if (!letter)
            return std::nullopt;
        octets.push_back(*letter);
    }
    return octets;
}

void append_unit(std::string& out, std::uint32_t unit) {
    out.push_back(static_cast<char>(unit >> 8));
    out.push_back(static_cast<char>(unit));
}

// One code point off the front of `text`; nothing when it is not UTF-8.
std::optional<std::uint32_t> take_code_point(std::string_view& text) {
    const auto first = static_cast<unsigned char>(text.front());
    const std::size_t size = first < 0x80    ? 1
                             : first >= 0xF0 ? 4
                             : first >= 0xE0 ? 3
                             : first >= 0xC2 ? 2
                                             : 0;
    if (size == 0 || text.size() < size)
        return std::nullopt;
    std::uint32_t point = size == 1 ? first : first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0) != 0x80)
            return std::nullopt;
        point = point << 6 | (next & 0x3FU);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < least[size] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000))
        return std::nullopt;
    text.remove_prefix(size);
    return point;
}

std::optional<std::string> as_utf16(std::string_view text) {
    std::string octets;
    while (!text.empty()) {
        const auto point = take_code_point(text);
        if (!point)
            return std::nullopt;
        if (*point < 0x10000) {
            append_unit(octets, *point);
        } else {
            append_unit(octets, 0xD800 + ((*point - 0x10000) >> 10));
            append_unit(octets, 0xDC00 + ((*point - 0x10000) & 0x3FF));
        }
    }
    return octets;
}

// Where a part of at most `most` octets may end: never between the halves of a surrogate pair.
std::size_t part_end(std::string_view octets, std::size_t most, bool ucs2) {
    if (octets.size() <= most)
        return octets.size();
    const auto last = static_cast<unsigned char>(octets[most - 2]);
    return ucs2 && last >= 0xD8 && last < 0xDC ? most - 2 : most;
}

} // namespace

std::optional<phone_text> write_on_phone(std::string_view utf8, letters alphabet,
                                         std::uint8_t reference) {
    phone_text text;
    auto octets = all_letters(utf8, alphabet);
    if (!octets) {
        octets = as_utf16(utf8);
        text.data_coding = 8;
    }
    if (!octets)
        return std::nullopt;
    if (alphabet == letters::utf8)
        return phone_text{.data_coding = 0, .header = false, .parts = {std::string(utf8)}};
    const bool ucs2 = text.data_coding == 8;
    if (octets->size() <= (ucs2 ? 140U : 160U)) {
        text.parts.push_back(std::move(*octets));
        return text;
    }
    text.header = true;
    std::string_view rest = *octets;
    while (!rest.empty()) {
        const auto end = part_end(rest, ucs2 ? 134 : 153, ucs2);
        text.parts.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end);
    }
    if (text.parts.size() > 255)
        return std::nullopt;
    for (std::size_t i = 0; i < text.parts.size(); ++i) {
        const char header[] = {5,
                               0,
                               3,
                               static_cast<char>(reference),
                               static_cast<char>(text.parts.size()),
                               static_cast<char>(i + 1)};
        text.parts[i].insert(0, header, sizeof header);
    }
    return text;
}

} // namespace posthorn::simulator

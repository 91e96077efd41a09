#include "model/blank.hpp"

#include <array>

namespace posthorn {

namespace {

// The first and last of a range whose UTF-8 has the same length and differs in the last octet.
struct range {
    std::string_view first;
    std::string_view last;
};

constexpr std::array<range, 9> invisible{{
    {"\xC2\xA0", "\xC2\xA0"},         // U+00A0 no-break space
    {"\xC2\xAD", "\xC2\xAD"},         // U+00AD soft hyphen
    {"\xE1\x9A\x80", "\xE1\x9A\x80"}, // U+1680 ogham space
    {"\xE2\x80\x80", "\xE2\x80\x8F"}, // U+2000..200F spaces, zero width, direction
    {"\xE2\x80\xA8", "\xE2\x80\xAF"}, // U+2028..202F line ends, direction, narrow space
    {"\xE2\x81\x9F", "\xE2\x81\xA4"}, // U+205F..2064 mathematical space, joiners
    {"\xE3\x80\x80", "\xE3\x80\x80"}, // U+3000, the padding of Chinese fixed-width exports
    {"\xE3\x85\xA4", "\xE3\x85\xA4"}, // U+3164 hangul filler
    {"\xEF\xBB\xBF", "\xEF\xBB\xBF"}, // U+FEFF byte order mark
}};

// Octets of the blank character that begins `text`; 0 when it begins with another one.
std::size_t blank_octets(std::string_view text) {
    const char c = text.front();
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    // most characters are told apart by their first octet
    if (c != '\xE3' && c != '\xE2' && c != '\xC2' && c != '\xE1' && c != '\xEF')
        return 0;
    for (const auto& [first, last] : invisible) {
        const auto here = text.substr(0, first.size());
        if (here >= first && here <= last)
            return first.size();
    }
    return 0;
}

// From the octet that begins it; of broken UTF-8 the last three octets at most.
std::string_view last_character(std::string_view text) {
    std::size_t octets = 1;
    while (octets < 3 && octets < text.size() && (text[text.size() - octets] & 0xC0) == 0x80)
        ++octets;
    return text.substr(text.size() - octets);
}

} // namespace

bool is_blank(std::string_view text) { return trimmed(text).empty(); }

std::string_view trimmed(std::string_view text) {
    while (!text.empty()) {
        const auto octets = blank_octets(text);
        if (octets == 0)
            break;
        text.remove_prefix(octets);
    }
    while (!text.empty()) {
        const auto last = last_character(text);
        if (blank_octets(last) != last.size())
            break;
        text.remove_suffix(last.size());
    }
    return text;
}

} // namespace posthorn

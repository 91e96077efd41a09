#include "encoding/utf8.hpp"

#include <cstdint>
#include <cstdio>

namespace posthorn::encoding {

namespace {

/// What may follow a lead octet (RFC 3629 section 4): the bounds of the second octet exclude
/// overlong forms, surrogates and what lies beyond U+10FFFF. `octets` 0: not a lead.
struct lead_rule {
    unsigned octets = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
};

lead_rule rule_of(unsigned char lead) noexcept {
    if (lead < 0xC2 || lead > 0xF4)
        return {};
    if (lead < 0xE0)
        return {2, 0x80, 0xBF};
    switch (lead) {
    case 0xE0:
        return {3, 0xA0, 0xBF};
    case 0xED:
        return {3, 0x80, 0x9F};
    case 0xF0:
        return {4, 0x90, 0xBF};
    case 0xF4:
        return {4, 0x80, 0x8F};
    default:
        return {lead < 0xF0 ? 3U : 4U, 0x80, 0xBF};
    }
}

bad_text bad_at(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (at + rule_of(lead).octets > text.size())
        return {at, "the text ends inside a UTF-8 character"};
    char reason[64];
    std::snprintf(reason, sizeof reason, "octet 0x%02X begins no valid UTF-8 character", lead);
    return {at, reason};
}

bool is_high(char32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low(char32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

} // namespace

utf8_char read_char_slow(std::string_view text, std::size_t at) noexcept {
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const auto lead = octet(0);
    if (lead < 0x80)
        return {lead, 1};
    const auto rule = rule_of(lead);
    if (rule.octets == 0 || text.size() - at < rule.octets)
        return {};
    if (octet(1) < rule.low || octet(1) > rule.high)
        return {};
    char32_t code = lead & (0x7FU >> rule.octets);
    for (std::size_t i = 1; i < rule.octets; ++i) {
        if ((octet(i) & 0xC0) != 0x80)
            return {};
        code = code << 6 | (octet(i) & 0x3FU);
    }
    return {code, rule.octets};
}

std::optional<bad_text> check_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto c = read_char(text, at);
        if (c.octets == 0)
            return bad_at(text, at);
        at += c.octets;
    }
    return std::nullopt;
}

std::string repaired(std::string text) {
    if (!check_utf8(text))
        return text;
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = read_char(text, at);
        append_utf8(out, c.octets == 0 ? replacement : c.code);
        at += c.octets == 0 ? 1 : c.octets;
    }
    return out;
}

std::size_t count_chars(std::string_view utf8) noexcept {
    std::size_t count = 0;
    for (std::size_t at = 0; at < utf8.size(); ++count) {
        const auto octets = read_char(utf8, at).octets;
        at += octets == 0 ? 1 : octets;
    }
    return count;
}

void append_utf8(std::string& out, char32_t code) {
    const auto put = [&](char32_t octet) { out.push_back(static_cast<char>(octet)); };
    const auto tail = [&](int shift) { put(0x80 | (code >> shift & 0x3F)); };
    if (is_high(code) || is_low(code) || code > 0x10FFFF)
        code = replacement;
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        tail(0);
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        tail(6);
        tail(0);
    } else {
        put(0xF0 | code >> 18);
        tail(12);
        tail(6);
        tail(0);
    }
}

text_result<std::u16string> utf16_of(std::string_view utf8) {
    std::u16string out;
    out.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) {
        const auto c = read_char(utf8, at);
        if (c.octets == 0)
            return bad_at(utf8, at);
        if (c.code < 0x10000) {
            out.push_back(static_cast<char16_t>(c.code));
        } else {
            out.push_back(static_cast<char16_t>(0xD7C0 + (c.code >> 10)));
            out.push_back(static_cast<char16_t>(0xDC00 | (c.code & 0x3FF)));
        }
        at += c.octets;
    }
    return out;
}

decoded_text utf8_of(std::u16string_view utf16) {
    decoded_text out;
    out.text.reserve(utf16.size());
    for (std::size_t i = 0; i < utf16.size(); ++i) {
        const char32_t unit = utf16[i];
        if (is_high(unit) && i + 1 < utf16.size() && is_low(utf16[i + 1])) {
            append_utf8(out.text, ((unit - 0xD7C0) << 10) | (utf16[++i] & 0x3FFU));
        } else {
            out.lossy = out.lossy || is_high(unit) || is_low(unit);
            append_utf8(out.text, unit);
        }
    }
    return out;
}

} // namespace posthorn::encoding

#include "templates/icu_text.hpp"

#include <unicode/stringpiece.h>

#include <algorithm>

namespace posthorn::templates {

void append_character(char32_t c, std::string& out) {
    const auto octet = [&](char32_t bits) { out += static_cast<char>(bits); };
    if (c < 0x80) {
        octet(c);
    } else if (c < 0x800) {
        octet(0xC0 | (c >> 6));
        octet(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        octet(0xE0 | (c >> 12));
        octet(0x80 | ((c >> 6) & 0x3F));
        octet(0x80 | (c & 0x3F));
    } else {
        octet(0xF0 | (c >> 18));
        octet(0x80 | ((c >> 12) & 0x3F));
        octet(0x80 | ((c >> 6) & 0x3F));
        octet(0x80 | (c & 0x3F));
    }
}

void append_normalised(const icu::UnicodeString& text, std::string& out) {
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const auto c = static_cast<char32_t>(text.char32At(i));
        switch (c) {
        case 0x00A0: // no-break space
        case 0x2009: // thin space
        case 0x202F: // narrow no-break space
            out += ' ';
            break;
        case 0x2019:
            out += '\'';
            break;
        case 0x2212:
            out += '-';
            break;
        case 0x200E:
        case 0x200F:
        case 0x061C:
            break;
        default:
            append_character(c, out);
        }
    }
}

icu::UnicodeString to_icu(std::string_view utf8) {
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
}

icu::Locale locale_of(const std::string& language) {
    UErrorCode status = U_ZERO_ERROR;
    auto locale = icu::Locale::forLanguageTag(language, status);
    locale.setUnicodeKeywordValue("nu", "latn", status);
    return U_SUCCESS(status) ? locale : icu::Locale::getRoot();
}

bool is_language(const std::string& language) {
    UErrorCode status = U_ZERO_ERROR;
    const auto locale = icu::Locale::forLanguageTag(language, status);
    return U_SUCCESS(status) && !locale.isBogus() && *locale.getISO3Language() != '\0';
}

std::size_t first_character(std::string_view utf8) {
    if (utf8.empty())
        return 0;
    const auto lead = static_cast<unsigned char>(utf8[0]);
    const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    std::size_t octets = 1;
    while (octets < std::min(length, utf8.size()) && (utf8[octets] & 0xC0) == 0x80)
        ++octets;
    return octets == length ? length : 1;
}

} // namespace posthorn::templates

#include "encoding/transliterate.hpp"

#include "encoding/look_alikes.hpp"
#include "encoding/parts.hpp"

namespace posthorn::encoding {

namespace {

/// A letter and an accent behind it, as Macs write them, where GSM 7-bit has the two as one.
struct accented {
    char16_t accent;
    std::string_view letters;
    std::u32string_view together;
};
constexpr accented accents[] = {
    {0x0300, "aeiou", U"àèìòù"},   {0x0301, "eE", U"éÉ"}, {0x0303, "nN", U"ñÑ"},
    {0x0308, "aouAOU", U"äöüÄÖÜ"}, {0x030A, "aA", U"åÅ"}, {0x0327, "C", U"Ç"},
};

bool is_accent(char32_t code) { return code >= 0x0300 && code <= 0x036F; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// An accent that goes nowhere leaves its letter, as an accented one does.
void put_accent(std::string& out, char32_t accent) {
    for (const auto& a : accents)
        if (a.accent == accent)
            if (const auto at = a.letters.find(out.back()); at != std::string_view::npos) {
                out.pop_back();
                append_utf8(out, a.together[at]);
            }
}

/// Behind a digit these would be read with it: 1½ is not 11/2.
bool is_number(char32_t code) {
    return std::u32string_view(U"¼½¾¹²³").find(code) != std::u32string_view::npos;
}

/// The word at `at`, up to the next blank.
std::string_view word_at(std::string_view text, std::size_t at) {
    return text.substr(at, text.find_first_of(" \n\r\t", at) - at);
}

bool is_address(std::string_view word) {
    return word.find("://") != std::string_view::npos || word.starts_with("www.");
}

/// Nothing where a character has no equal.
std::optional<std::string> in_gsm7(std::string_view utf8) {
    std::string out;
    out.reserve(utf8.size());
    bool in_address = false, at_word = true;
    for (std::size_t at = 0; at < utf8.size();) {
        if (at_word)
            in_address = is_address(word_at(utf8, at));
        const auto c = read_char(utf8, at);
        at_word = c.code == ' ' || c.code == '\n' || c.code == '\t';
        if (c.octets == 0)
            return std::nullopt;
        if (c.code == '\r' && at + 1 < utf8.size() && utf8[at + 1] == '\n') {
            // the line ends with the \n
        } else if (septets_of(c.code) != 0) {
            out.append(utf8, at, c.octets);
        } else if (in_address) {
            return std::nullopt;
        } else if (is_accent(c.code) && !out.empty() && is_letter(out.back())) {
            put_accent(out, c.code);
        } else if (is_number(c.code) && !out.empty() && is_digit(out.back())) {
            return std::nullopt;
        } else if (const auto alike = near_alike(c.code)) {
            out += *alike;
        } else {
            return std::nullopt;
        }
        at += c.octets;
    }
    return out;
}

} // namespace

std::optional<std::string> transliterated(std::string_view utf8) {
    const auto as_it_is = measure_text(utf8);
    if (as_it_is.code == coding::gsm7 || as_it_is.parts < 2)
        return std::nullopt;
    auto plain = in_gsm7(utf8);
    if (plain && measure_text(*plain).parts < as_it_is.parts)
        return plain;
    return std::nullopt;
}

} // namespace posthorn::encoding

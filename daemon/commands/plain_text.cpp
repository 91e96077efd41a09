#include "commands/plain_text.hpp"

#include "model/blank.hpp"
#include "templates/icu_text.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

namespace posthorn::commands {

namespace {

constexpr std::size_t most_octets = 4 * longest_question;

icu::UnicodeString normalised(std::string_view utf8) {
    UErrorCode status = U_ZERO_ERROR;
    const auto text = templates::to_icu(utf8);
    const auto* form = icu::Normalizer2::getNFKCInstance(status);
    auto made = U_SUCCESS(status) ? form->normalize(text, status) : text;
    return U_SUCCESS(status) ? made : text;
}

char32_t folded(char32_t c) {
    const auto code = static_cast<UChar32>(c);
    if (u_charType(code) == U_DASH_PUNCTUATION || c == U'\u2212')
        return U'-';
    return static_cast<char32_t>(u_foldCase(code, U_FOLD_CASE_DEFAULT));
}

bool is_space(UChar32 c) { return u_isUWhiteSpace(c) || u_charType(c) == U_CONTROL_CHAR; }

} // namespace

std::size_t plain_text::skip(std::size_t at) const {
    while (at < size() && separates(shown[at]))
        ++at;
    return at;
}

plain_text plain(std::string_view utf8) {
    plain_text made;
    utf8 = trimmed(utf8);
    if (utf8.size() > most_octets)
        return {};
    const auto text = normalised(utf8);
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const auto c = text.char32At(i);
        if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
            continue;
        if (!is_space(c))
            made.shown += static_cast<char32_t>(c);
        else if (!made.shown.empty() && made.shown.back() != U' ')
            made.shown += U' ';
    }
    if (made.shown.ends_with(U' '))
        made.shown.pop_back();
    if (made.size() > longest_question)
        return {};
    for (const auto c : made.shown)
        made.folded += folded(c);
    return made;
}

bool separates(char32_t c) {
    const auto kind = U_GET_GC_MASK(static_cast<UChar32>(c));
    return c == U' ' || (kind & (U_GC_P_MASK | U_GC_S_MASK | U_GC_Z_MASK | U_GC_C_MASK)) != 0;
}

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

bool is_letter(char32_t c) {
    const auto code = static_cast<UChar32>(c);
    return u_isalpha(code) && !u_hasBinaryProperty(code, UCHAR_IDEOGRAPHIC);
}

std::string to_utf8(std::u32string_view text) {
    std::string out;
    for (const auto c : text)
        templates::append_character(c, out);
    return out;
}

} // namespace posthorn::commands

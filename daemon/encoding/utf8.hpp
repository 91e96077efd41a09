// Strict UTF-8 (RFC 3629): what is not valid is refused and never repaired on the way in.
// On the way out (texts from phones) what has no meaning becomes U+FFFD and is reported as loss.
#pragma once

#include <boost/system/result.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::encoding {

/// Why octets are not a text, and the offset where the first wrong character begins.
struct bad_text {
    std::size_t offset = 0;
    std::string reason;
};

template <class T>
using text_result = boost::system::result<T, bad_text>;

constexpr char32_t replacement = U'\xFFFD';

/// One character of a UTF-8 text. `octets` 0 says the text is not UTF-8 at this place.
struct utf8_char {
    char32_t code = 0;
    unsigned octets = 0;
};

/// The character of more than one octet at `at` (< text.size()). Also answers for ASCII.
utf8_char read_char_slow(std::string_view text, std::size_t at) noexcept;

/// The character at `at` (< text.size()): no overlong forms, surrogates, nor beyond U+10FFFF.
inline utf8_char read_char(std::string_view text, std::size_t at) noexcept {
    const auto first = static_cast<unsigned char>(text[at]);
    return first < 0x80 ? utf8_char{first, 1} : read_char_slow(text, at);
}

/// Nothing when `text` is valid UTF-8, else where it is not, and why.
std::optional<bad_text> check_utf8(std::string_view text);

/// The text with each invalid octet as U+FFFD: for showing what was never accepted.
std::string repaired(std::string text);

/// Number of characters (code points) of a valid text; an invalid octet counts as one.
std::size_t count_chars(std::string_view utf8) noexcept;

/// Appends one character; a surrogate or a value beyond U+10FFFF becomes U+FFFD.
void append_utf8(std::string& out, char32_t code);

/// UTF-16 in native order, with surrogate pairs.
text_result<std::u16string> utf16_of(std::string_view utf8);

/// UTF-8 of UTF-16 in native order. `lossy`: a lone surrogate became U+FFFD.
struct decoded_text {
    std::string text;
    bool lossy = false;
};
decoded_text utf8_of(std::u16string_view utf16);

} // namespace posthorn::encoding

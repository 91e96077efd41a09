// Between ICU's strings and ours.
#pragma once

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <string>
#include <string_view>

namespace posthorn::templates {

// Appends as UTF-8, with what phones show badly and GSM 7-bit lacks made plain: no-break spaces are
// spaces, typographic apostrophes and minus signs are ASCII, direction marks are dropped.
void append_normalised(const icu::UnicodeString& text, std::string& out);

icu::UnicodeString to_icu(std::string_view utf8);

// The locale of a BCP 47 tag with Latin digits.
icu::Locale locale_of(const std::string& language);

// Whether the tag is well formed and its base language exists.
bool is_language(const std::string& language);

// Appends one character of UTF-8.
void append_character(char32_t c, std::string& out);

// The octets of the character at the front; 1 for octets that are no UTF-8; 0 at the end.
std::size_t first_character(std::string_view utf8);

} // namespace posthorn::templates

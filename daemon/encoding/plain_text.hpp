// A text from a phone as words are compared: what people type differently and mean the same is one.
#pragma once

#include <string>
#include <string_view>

namespace posthorn::encoding {

/// Full-width ASCII becomes ASCII, letters a-z become capitals, white space between words becomes
/// one space; white space, punctuation and invisible characters around the text go. UTF-8 in and
/// out; invalid octets become U+FFFD. " “ｔｄ　账单。” " is "TD 账单".
std::string plain_text(std::string_view utf8);

/// The same of one character: white space is U+0020, an invisible character 0.
char32_t plain_char(char32_t code) noexcept;

} // namespace posthorn::encoding

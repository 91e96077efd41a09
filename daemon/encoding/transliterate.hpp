// A text that GSM 7-bit lacks characters of, said with characters that it has: "It’s 5 – 6" becomes
// "It's 5 - 6", and a part holds 160 of them instead of 70.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace posthorn::encoding {

/// The text in GSM 7-bit where all of it can be and that needs fewer parts; else nothing, and it
/// goes as it is: what is half changed has lost for nothing. So a text with a Chinese character is
/// never touched. Nor one whose address of a page, or whose number, would become another.
std::optional<std::string> transliterated(std::string_view utf8);

} // namespace posthorn::encoding

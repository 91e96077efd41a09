// A text from a phone as it is compared: width, case, invisible characters and kinds of spaces do
// not count. Takes any octets; those that are no UTF-8 separate words.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace posthorn::commands {

// A longer text is no question: nothing of it is read.
inline constexpr std::size_t longest_question = 400; // characters

struct plain_text {
    std::u32string shown;  // NFKC; runs of white space are one ' ', none at the ends
    std::u32string folded; // the same in lower case with one kind of dash, character by character

    std::size_t size() const { return shown.size(); }
    // The first place from `at` on that does not separate words; the size if there is none.
    std::size_t skip(std::size_t at) const;
};

// Empty for a text that is blank or too long.
plain_text plain(std::string_view utf8);

// Spaces, punctuation and symbols.
bool separates(char32_t c);
bool is_digit(char32_t c);  // 0-9
bool is_letter(char32_t c); // of an alphabet: two such belong to one word, as two Han do not

std::string to_utf8(std::u32string_view text);

} // namespace posthorn::commands

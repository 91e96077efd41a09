// The words of query codes as they are found in a text.
#pragma once

#include "commands/command.hpp"
#include "commands/plain_text.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace posthorn::commands {

struct word_key {
    std::u32string letters; // folded, without what separates
    std::u32string signs;   // of a word that has nothing else, "?": them, each run once
    plain_text plain;

    std::size_t length() const { return letters.size(); }
};

word_key key_of(std::string_view word);

// The signs of a text that has nothing else; empty for others.
std::u32string signs_of(const plain_text& text);

enum class gaps : std::uint8_t {
    as_written, // spaces and signs only where the word has some, and then they may be missing
    anywhere    // "查 余额" is 查余额
};

// Where the text goes on after the word that begins at `at`.
std::optional<std::size_t> end_of_word(const word_key& word, const plain_text& text, std::size_t at,
                                       gaps allowed);

} // namespace posthorn::commands

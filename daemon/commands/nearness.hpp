// How near a text that is no question comes to a word. Pure.
#pragma once

#include "commands/word_key.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace posthorn::commands {

// Its first word: a run of letters of an alphabet, or of Han.
std::u32string first_word(const plain_text& text);

// Whether the word stands in the text: one of Han anywhere, another between what is no letter.
bool contains(const plain_text& text, const word_key& word);

// Edits from what was typed to the word, if so few that it may be meant. A word of two letters is
// meant when they are swapped or one is doubled; another pair of letters is another word.
std::optional<std::size_t> slips_between(std::u32string_view typed, const word_key& word);

} // namespace posthorn::commands

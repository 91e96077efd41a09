// Whether a word of a query code ends where a text goes on.
#pragma once

#include "commands/arguments.hpp"

namespace posthorn::commands {

// What follows the word that ends at `end`, read as arguments of its command; nothing if that is
// the middle of another word: "BALANCED" is not BALANCE. After letters a letter can only begin a
// document number, "CJWL2026001"; after a digit no digit.
std::optional<read_arguments> read_after_word(const command& asked, const plain_text& text,
                                              std::size_t end, std::chrono::year_month_day today);

} // namespace posthorn::commands

// Words that mean two things, or nothing.
#pragma once

#include "commands/command.hpp"

#include <optional>
#include <string>

namespace posthorn::commands {

// Why the word cannot be a word of any command or topic; nothing when it can.
std::optional<std::string> unusable(const std::string& word);

// Why `word` of one command is not told apart from `other`, a word of `asked`: both are the same, or
// `other` with an argument of `asked` reads like it. Nothing when they are.
std::optional<std::string> confusion(const std::string& word, const std::string& other,
                                     const command& asked);

} // namespace posthorn::commands

// What people are told of the query codes.
#pragma once

#include "commands/command.hpp"

#include <span>
#include <string>
#include <string_view>

namespace posthorn::commands {

// The one line of a command, in the language that comes nearest to the wanted one.
const std::string& help_line_of(const command& c, std::string_view language);

// The lines of all commands that are not for the staff, in the order they stand.
std::string help_text(std::span<const command> commands, std::string_view language);

} // namespace posthorn::commands

// Reads one command from its file; private to this room.
#pragma once

#include "commands/command.hpp"
#include "settings/reader.hpp"

#include <span>
#include <string>

namespace posthorn::commands {

// What is wrong is recorded in the document of `root`.
command read_command(settings::reader root, const std::string& file_name,
                     const templates::zone& zone, std::span<const lookup_shape> lookups);

// Its answers must come out in every language from the sample of its lookup. Only for a command
// that was read without a problem.
void try_answers(const command& c, settings::reader root, std::span<const lookup_shape> lookups);

} // namespace posthorn::commands

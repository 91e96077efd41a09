// Command files: read and checked once, every mistake with its place.
#pragma once

#include "commands/command.hpp"
#include "settings/problem.hpp"
#include "templates/zone.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace posthorn::commands {

struct loaded_commands {
    std::vector<command> commands;   // by `order`, then name; only those without a problem
    settings::problem_list problems; // of every file
};

// Reads every *.yaml of the directory, and finds words that mean two things. `zone` is for times in
// answers.
loaded_commands load_commands(const std::filesystem::path& directory, const templates::zone& zone,
                              std::span<const lookup_shape> lookups);

// Reads one command from the text of its file; nothing if there are problems, which are appended.
std::optional<command> read_command(std::string text, const std::filesystem::path& file,
                                    const templates::zone& zone,
                                    std::span<const lookup_shape> lookups,
                                    settings::problem_list& problems);

} // namespace posthorn::commands

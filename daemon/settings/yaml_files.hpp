// The files of a directory that holds one YAML file for each thing.
#pragma once

#include "settings/problem.hpp"

#include <filesystem>
#include <vector>

namespace posthorn::settings {

// Every *.yaml in the order of the names; hidden ones are left out. A *.yml, which would be thought
// to be in force, and a directory that cannot be read are problems.
std::vector<std::filesystem::path> yaml_files(const std::filesystem::path& directory,
                                              problem_list& problems);

} // namespace posthorn::settings

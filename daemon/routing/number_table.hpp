// The table of numbers: which carrier a phone has, where that cannot be told from routes. CSV, two columns:
// a number or its leading digits, and the carrier's name; lines that begin with # are notes.
//
//   1380013,mobile
//   +8613900139000,telecom     ported
#pragma once

#include "routing/rules.hpp"
#include "settings/problem.hpp"

#include <filesystem>

namespace posthorn::routing {

void read_number_table(const std::filesystem::path& file, rules& into,
                       settings::problem_list& problems);

} // namespace posthorn::routing

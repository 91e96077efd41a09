// The verb below `posthorn test` that has a file of its own.
#pragma once

#include "cli/verbs.hpp"

namespace posthorn::cli {

void add_test_command(CLI::App& test, const shared_options& shared, action& chosen);

} // namespace posthorn::cli

// The command line as a function, so that tests can type.
#pragma once

#include "cli/console.hpp"

namespace posthorn::cli {

// Returns the exit code: 0 fine, 1 refused or failed, 2 wrong usage. Never throws.
int run(int argc, const char* const* argv, console& to);

} // namespace posthorn::cli

// The verbs below `posthorn test` that have files of their own.
#pragma once

#include "cli/verbs.hpp"

namespace posthorn::cli {

void add_test_command(CLI::App& test, const shared_options& shared, action& chosen);
void add_test_route(CLI::App& test, const shared_options& shared, action& chosen);
void add_test_timer(CLI::App& test, const shared_options& shared, action& chosen);

} // namespace posthorn::cli

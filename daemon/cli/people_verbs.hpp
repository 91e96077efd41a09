// The verbs below `posthorn people` that have files of their own.
#pragma once

#include "cli/verbs.hpp"

namespace posthorn::cli {

void add_people_import(CLI::App& people, const shared_options& shared, action& chosen);
void add_people_contacts(CLI::App& people, const shared_options& shared, action& chosen);

} // namespace posthorn::cli

// One declared option against one value of a settings file.
#pragma once

#include "sdk/options.hpp"
#include "settings/reader.hpp"

#include <span>
#include <string>
#include <vector>

namespace posthorn::accounts {

// The value under the option's name; what is wrong with it, its absence too, is recorded in the
// reader.
sdk::options::value read_value(const sdk::option& o, settings::reader from);

// The value of the option's own fallback. A bad one gives an empty value: see wrong_option().
sdk::options::value fallback_value(const sdk::option& o);

// The first option of a plugin's table that makes no sense, and why; empty when all do.
std::string wrong_option(std::span<const sdk::option> table);

// "a|b|c" as a list.
std::vector<std::string_view> choices_of(const sdk::option& o);

} // namespace posthorn::accounts

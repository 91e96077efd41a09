// One declared option against one value of a settings file.
#pragma once

#include "sdk/options.hpp"
#include "settings/reader.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::accounts {

// Of every system that is a handler: none of its options may be called so.
inline constexpr std::array<std::string_view, 3> keys_of_systems{"handler", "connections",
                                                                 "breaker"};

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

// Reads one argument of a kind where it begins in a text. Pure.
#pragma once

#include "commands/command.hpp"
#include "commands/plain_text.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace posthorn::commands {

struct argument_text {
    std::string value; // in its one spelling, see argument_kind
    std::size_t end;   // the place in the text after it
};

// Nothing if what begins at `at`, as a whole, is no argument of this kind. A month or a day without
// a year is the latest that is not after `today`.
std::optional<argument_text> read_argument(argument_kind kind, const plain_text& text,
                                           std::size_t at, std::chrono::year_month_day today);

} // namespace posthorn::commands

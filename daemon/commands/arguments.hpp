// What follows the word of a query code, as its arguments. Pure.
#pragma once

#include "commands/command.hpp"
#include "commands/plain_text.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace posthorn::commands {

enum class misuse : std::uint8_t {
    missing,    // a required argument is not there
    unreadable, // something stands where the argument should, and is none of its kind
    too_many    // something follows that no argument is left for
};

struct read_arguments {
    boost::json::object values;  // texts, by name; only those that are there
    std::optional<misuse> wrong; // then there are no values
    std::string argument;        // missing, unreadable: its name
};

// Reads from `at` to the end. Arguments that are all there are taken in their order; otherwise
// each piece belongs to the narrowest kind that can read it: a month before an account.
read_arguments read_all(std::span<const argument> takes, const plain_text& text, std::size_t at,
                        std::chrono::year_month_day today);

} // namespace posthorn::commands

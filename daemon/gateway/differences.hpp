// What a new configuration would change, and what of it cannot be changed while running. Pure.
#pragma once

#include "gateway/configuration.hpp"

#include <string>
#include <vector>

namespace posthorn::gateway {

struct differences {
    std::vector<std::string> lines;   // for people: "type bill.issued: changed"
    std::vector<std::string> restart; // what needs a restart: settings, by their keys
    std::vector<std::string> removed_types, removed_timers, removed_accounts;
    std::vector<std::string> notes; // what is not as one might think

    bool none() const { return lines.empty(); }
};

// Both are free of problems.
differences differences_between(const configuration& before, const configuration& after);

} // namespace posthorn::gateway

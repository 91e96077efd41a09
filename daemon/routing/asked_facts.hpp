// Which facts of a message accounts and routes ask for: the others make no difference, and no pools.
#pragma once

#include "routing/rules.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace posthorn::routing {

struct asked_facts {
    asked_facts(const std::vector<account>& accounts, const rules& r);

    bool category = false;
    std::vector<std::string> prefixes{""}; // sorted; "" is of numbers that have none of the others
    std::vector<std::string> carriers{""}; // likewise
    std::vector<unsigned> lengths;         // in parts: limits of accounts, rising
    bool extended = false;                 // some accounts can extend their sender, and some cannot

    std::size_t categories() const { return category ? category_names.size() : 1; }
    std::size_t combinations() const {
        return categories() * prefixes.size() * carriers.size() * (lengths.size() + 1) *
               (extended ? 2 : 1);
    }
};

} // namespace posthorn::routing

// Operations on what later events of a subject make needless.
#pragma once

#include "model/id.hpp"
#include "model/time.hpp"

#include <vector>

namespace posthorn::store {

// Their recipients were sent something of these messages, or may have been: a follow-up is for them.
// Known already: nothing changes.
struct note_told {
    std::vector<posthorn::id> messages;
    instant at{};
};

// Of what a withdrawal means, and had been taken in, nothing is under way any more.
struct end_withdrawal {
    posthorn::id event = 0; // that withdraws
};

} // namespace posthorn::store

// Operations on what is taken back: by later events of its subject, or by name.
#pragma once

#include "model/id.hpp"
#include "model/time.hpp"

#include <string>
#include <vector>

namespace posthorn::store {

// Their recipients were sent something of these messages, or may have been: a follow-up is for them.
// Known already: nothing changes.
struct note_told {
    std::vector<posthorn::id> messages;
    instant at{};
};

// An event for many, or for a topic, is taken back by name: nothing more is made of it, and what has not
// left never will. Stale when it is not in live.db, or was taken back before and that goes on.
struct cancel_event {
    posthorn::id event = 0;
    std::string reason; // of its messages
    instant at{};
};

// Of what it means, and had been taken in, nothing is under way any more.
struct end_withdrawal {
    posthorn::id event = 0; // that withdraws, or is
    bool by_name = false;   // that was cancelled
};

} // namespace posthorn::store

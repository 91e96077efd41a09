// Operations that make live.db forget what it need not know any more, or must not.
#pragma once

#include "model/id.hpp"
#include "model/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace posthorn::store {

// Texts of final messages, the octets of their parts, and the data of their events. That such a
// message was sent stays, and so do key and content hash of its event.
struct redact {
    struct which {
        posthorn::id message = 0;
        posthorn::id event = 0;
    };
    std::vector<which> messages;
};

// A number is to be erased; goes on after a restart, until end_erasure. Stale when it is under way.
struct begin_erasure {
    std::string number; // E.164 without '+'
    std::string who;
    std::string reason;
    instant at{};
};

// What live.db finds by the number alone: the person, bindings, subscriptions, the question, the
// ledgers' entries.
struct erase_number {
    std::string number;
    std::string evidence; // stands for it where a row must stay
};

// Rows that name a number, found by somebody who reads live.db. Those that are not final, or not
// settled, stay: they are found again.
struct erase_rows {
    enum class table : std::uint8_t {
        message, // with its event
        event,   // parked
        inbound,
        receipt,
        passed,
        contact_change,
        work_report,
        publication,
        timer_step,
        operation
    };
    table of = table::message;
    std::vector<posthorn::id> rows;
    std::string number;
    std::string instead; // of the number
    instant at{};
};

// Pages that nothing is in may still hold what was: one step of their overwriting. The outcome is
// stale when there is no more to do.
struct overwrite_free {
    bool fill = true; // then, until it is stale: give back
};

struct end_erasure {
    std::string number;
};

} // namespace posthorn::store

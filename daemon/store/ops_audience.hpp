// Operations on whom events may concern, and on events for many. Those on people may be done twice:
// the second time they are stale.
#pragma once

#include "model/message.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace posthorn::store {

// A place in the tree of areas; what is not given stays as it was.
struct put_area {
    std::string area;
    std::optional<std::string> parent; // "": none
    std::optional<std::string> name;
};
struct drop_area { // what lies in it stays, in no area
    std::string area;
};

// A group of people: whoever its filter takes, and its members. A new one, or its filter anew.
struct put_group {
    struct filter { // all that is not empty must be so
        std::string tier, area, language, role;
        bool empty() const {
            return tier.empty() && area.empty() && language.empty() && role.empty();
        }
        bool operator==(const filter&) const = default;
    };
    std::string name;
    std::optional<filter> takes;
};
struct drop_group { // with its members
    std::string name;
};
struct put_member { // the group is made when it is not there
    std::string group;
    std::string number; // E.164 without '+'; or
    std::string account;
    bool in = true; // false: no more
};

// A message of an event for many, for one of them; in the queue, or closed at once.
struct add_recipient {
    posthorn::id event = 0;
    posthorn::message message;
    std::string reason; // closed: why
    instant at{};
    bool first = false; // of a vulnerable account: the others of the event come later
};

// How far such an event has come, after the messages that go before it in the same commit.
struct advance_expansion {
    posthorn::id event = 0;
    std::string through_number, through_account; // the last recipient served
    std::int64_t made = 0;                       // messages, in addition to those before
    bool done = false;
    std::string reason; // done before all were served: why
    instant at{};
    bool others = false; // that one is of the others: those of vulnerable accounts are told
};

} // namespace posthorn::store

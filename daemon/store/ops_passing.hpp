// Operations on what belongs to another system: texts and reports from phones on their way to a
// source, changes of contact numbers that its system has yet to agree to, and crews' reports.
#pragma once

#include "model/id.hpp"
#include "model/message.hpp"

#include <optional>
#include <string>

namespace posthorn::store {

// Goes to the source's `inbox`, and to its callback where it has one; the outcome's `event` is its id.
struct pass_on {
    name_id source = 0;
    std::string kind;         // text, or what a query code calls it: contact_change, crew_report
    posthorn::id inbound = 0; // the text it came with; 0: by HTTP or an agent
    std::string number;       // the phone, E.164 without '+'
    std::string recipient;    // our number that was texted
    std::string text;         // as it was written
    std::string data;         // JSON object: what was understood; "{}": nothing
    instant at{};
};

// The contact number of an account moves, at once: the new number is bound, the old one no more.
// Until its owner has agreed or refused, an import changes neither. The outcome's `event` is its id.
// Stale when the account is not bound to the old number, or is to the new one already.
struct change_contact {
    std::string account;
    std::string from, to;     // E.164 without '+'
    posthorn::id inbound = 0; // the evidence
    std::string who;          // the number itself, the user, or the name of a token
    std::string reason;
    std::optional<pass_on> owner; // told in the same commit, `change` in its data being the id
    instant at{};
};
// Refused: the old number is bound again and the new one no more. Stale when it was settled before.
struct settle_contact_change {
    posthorn::id change = 0;
    bool agreed = true;
    std::string who;
    std::string reason;
    instant at{};
};

// A crew tells what it works on; replaces what this worker said before of this place and begin.
struct add_work_report {
    std::string number; // of who reports, E.164 without '+'
    std::string worker; // as that person is known
    std::string area;
    std::string place;
    std::string work;
    instant begins_at{};
    instant ends_at{};        // as expected; 0: not said
    posthorn::id inbound = 0; // 0: by HTTP or an agent
    std::string who;          // the number itself, the user, or the name of a token
    instant at{};
};
// The work is over. Stale when it was before, or there is none.
struct end_work_report {
    posthorn::id report = 0;
    std::string who;
    instant at{};
};

} // namespace posthorn::store

// The whole life of an event and its messages, in the order in which things happened: what, and why.
// Pure.
#pragma once

#include "ledger/standing.hpp"
#include "store/reader.hpp"
#include "store/told_result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace posthorn::ledger {

struct moment {
    instant at{};
    posthorn::id message = 0; // 0: of the event itself
    std::string what;
    std::string why; // the rule, the carrier's word or a person's; empty: it speaks for itself
};

// What is not in the event's own rows.
struct known_beside {
    std::vector<store::operation> operations;   // on it, or on what it is part of
    std::vector<store::consent_entry> consents; // of its recipients
    std::optional<store::told_result> result;
    standing now = {};
    // What a code that the carrier of this account gave means; empty: it speaks for itself.
    std::function<std::string(const std::string& account, const std::string& code)> describe = {};
};

// The names under which people may have ordered something about it: for reader::operations_on.
std::vector<std::string> names_of(const store::event_story& story);

// When it began, and when the last known thing happened to it; that is `now` while it goes on.
std::pair<instant, instant> span_of(const store::event_story& story, instant now);

// Numbers are masked. What happened at one time stays in the order of its causes.
std::vector<moment> life_of(const store::event_story& story, const known_beside& beside);

} // namespace posthorn::ledger

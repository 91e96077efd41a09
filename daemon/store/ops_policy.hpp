// Operations of policy: what waits because of it, and texts that count against later ones.
#pragma once

#include "model/counted_text.hpp"
#include "model/id.hpp"
#include "model/message.hpp"

#include <cstdint>
#include <string>

namespace posthorn::store {

// A queued message waits until then, and why; or, without a reason, no longer than that. Stale when it
// is not in the queue.
struct put_off {
    posthorn::id message = 0;
    instant until{};
    std::string reason;
    instant at{}; // of the decision
};

// One that was put off goes by e-mail instead: it is the same message, and waits no more. Stale when it is
// not put off any more, or something of it has begun.
struct go_by_email {
    posthorn::id message = 0;
    posthorn::message letter;
    std::string reason;
    instant at{};
};

// Nothing of the message left after all: its text does not count.
struct uncount {
    posthorn::id message = 0;
    instant at{}; // as it was counted
};

// Likewise: it covers no other.
struct uncover {
    posthorn::id message = 0;
    std::uint64_t household = 0;
};

// A person sends a text again: those like it, counted since `text.at`, keep no other back.
struct forgive_text {
    counted_text text;
};

// Texts counted before then matter no more, and nothing waits until before `now`: at most a thousand of
// each go. Stale when there was none.
struct forget_counted {
    instant before{};
    instant covers_before{}; // and covers made before then
    instant now{};
};

} // namespace posthorn::store

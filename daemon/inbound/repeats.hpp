// Knows a text that the carrier brings again because it never saw our acknowledgement:
//
//   text ─► stored ─► acknowledgement lost with the link ─► link is up again ─► the same text
//
// A text from a phone has no name of its own, and a customer may well write the same twice. So a text
// is a repetition only of one that was received in the minute before its account lost a link that
// texts came over, that nothing proves to be acknowledged, and only until ten minutes after that;
// each one once. What proves it: the carrier answered something that was sent after the
// acknowledgement over the same link, which is known only of an account that has no other.
//
// Pure; one thread.
#pragma once

#include "model/inbound.hpp"

#include <deque>
#include <map>

namespace posthorn::inbound {

// A carrier brings a text again within this time, or not at all.
inline constexpr duration brought_again_within = std::chrono::minutes(10);

class repeats {
public:
    // The one it is a repetition of; 0: it is new.
    posthorn::id original_of(const inbound_text& t);
    // A new one, once it is committed and acknowledged.
    void remember(const inbound_text& t, instant acknowledged_at);
    // `proven`: what was acknowledged before then, the carrier knows to be. `now` is later than `lost`
    // when we were not there in between.
    void link_lost(name_id account, instant lost, instant proven, instant now);

private:
    struct seen {
        std::uint64_t content = 0;
        posthorn::id text = 0;
        instant at{};
        instant acknowledged_at{};
    };
    struct memory {
        instant lost_at{};
        std::deque<seen> received;                         // of the last minute
        std::multimap<std::uint64_t, seen> unacknowledged; // when a link was lost, by content
        instant until{};                                   // so long they may be brought again
    };
    static void forget_old(memory& of, instant now);

    std::map<name_id, memory> accounts_;
};

} // namespace posthorn::inbound

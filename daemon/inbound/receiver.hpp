// What happens to a text between its commit and its answer: known as a repetition, or joined with the
// other parts of it, then handed on once.
//
//   text ─► repeats ─► stored ─► joiner ─► handle(whole text)
//                                   └────► settled in the store: duplicate, late
//
// On the loop's thread.
#pragma once

#include "inbound/joiner.hpp"
#include "inbound/repeats.hpp"
#include "store/ops.hpp"

#include <functional>

namespace posthorn::inbound {

struct receiver_surroundings {
    std::function<void(std::vector<store::op>)> submit;
    std::function<void(std::vector<whole_text>)> handle;
};

class receiver {
public:
    receiver(duration join_within, receiver_surroundings around);

    // What the store found at start: texts that still wait, and the last ones received that nothing
    // proves to be acknowledged.
    void recover(std::vector<inbound_text> waiting, const std::vector<inbound_text>& last,
                 instant now);
    // Before it is stored: the text it is a repetition of; 0: none.
    posthorn::id original_of(const inbound_text& t) { return repeats_.original_of(t); }
    void came(std::vector<inbound_text> texts, instant now); // new ones, committed
    // `proven`: see repeats.
    void link_lost(name_id account, instant proven, instant now) {
        repeats_.link_lost(account, now, proven, now);
    }
    void pulse(instant now); // now and then: texts whose other parts did not come in time
    std::size_t waiting() const { return joiner_.waiting(); }

private:
    void join_all(std::vector<inbound_text> texts);
    void join(inbound_text t, std::vector<whole_text>& whole, std::vector<store::op>& ops);

    receiver_surroundings around_;
    repeats repeats_;
    joiner joiner_;
};

// The operations that settle a text and its parts, once it is known what became of it.
// `secret`: its words are not kept.
std::vector<store::op> settling(const whole_text& t, inbound_outcome what, std::string command,
                                bool secret = false);

} // namespace posthorn::inbound

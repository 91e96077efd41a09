// Who is next: messages wait in flows (pool, priority, source). Urgent flows come first, up to half
// of what is asked while others wait; the others share by deficit round-robin, a source's normal
// messages weighing four times its bulk ones, each part costing one.
#pragma once

#include "delivery/outgoing.hpp"

#include <deque>
#include <map>

namespace posthorn::delivery {

class shares {
public:
    struct flow {
        std::deque<outgoing_ptr> waiting;
        std::int64_t deficit = 0;
        // what else of it is in the store's queue
        bool claiming = false;
        bool spilling = false;        // new messages go to the store's queue, not here
        std::size_t on_their_way = 0; // of those, not committed yet
        instant next_due{};           // the earliest in the store's queue; 0: none
    };

    void push_back(outgoing_ptr o) { flows_[o->flow()].waiting.push_back(std::move(o)); }
    void push_front(outgoing_ptr o) { flows_[o->flow()].waiting.push_front(std::move(o)); }

    // Up to about `parts` parts' worth of messages of a pool, in fair order; they leave the flows.
    std::vector<outgoing_ptr> take(name_id pool, unsigned parts);

    bool any_waiting(name_id pool) const;
    flow& at(const store::flow_name& name) { return flows_[name]; }
    std::map<store::flow_name, flow>& all() { return flows_; }
    const std::map<store::flow_name, flow>& all() const { return flows_; }

private:
    unsigned take_urgent(name_id pool, unsigned most, std::vector<outgoing_ptr>& out);
    unsigned take_shared(name_id pool, unsigned most, std::vector<outgoing_ptr>& out);

    std::map<store::flow_name, flow> flows_;
    store::flow_name last_served_{};  // where the round goes on
    bool urgent_has_odd_one_ = false; // whose turn the odd part is: slots come one by one, too
};

} // namespace posthorn::delivery

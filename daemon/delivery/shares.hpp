// Who is next: messages wait in flows (pool, priority, source). Urgent flows come first, up to half
// of what is asked while others wait; the others share by deficit round-robin, a source's normal
// messages weighing four times its bulk ones, each part costing one. However many pools a source's messages
// wait in, its share is one.
#pragma once

#include "delivery/outgoing.hpp"
#include "delivery/routes.hpp"

#include <deque>
#include <map>
#include <span>
#include <tuple>
#include <vector>

namespace posthorn::delivery {

class shares {
public:
    struct flow {
        std::deque<outgoing_ptr> waiting;
        // what else of it is in the store's queue
        bool claiming = false;
        bool spilling = false;        // new messages go to the store's queue, not here
        std::size_t on_their_way = 0; // of those, not committed yet
        instant next_due{};           // the earliest in the store's queue; 0: none
        bool strays = false; // some that were claimed last wait elsewhere: routes have changed
    };

    // Those of one source and priority stand together.
    struct by_source {
        bool operator()(const store::flow_name& a, const store::flow_name& b) const {
            return std::tie(a.priority, a.source, a.pool) < std::tie(b.priority, b.source, b.pool);
        }
    };
    using flow_map = std::map<store::flow_name, flow, by_source>;

    void push_back(outgoing_ptr o) { flows_[o->waits_in()].waiting.push_back(std::move(o)); }
    void push_front(outgoing_ptr o) { flows_[o->waits_in()].waiting.push_front(std::move(o)); }

    // Up to about `parts` parts' worth of messages of these pools, sorted by number, in fair order;
    // they leave the flows.
    std::vector<outgoing_ptr> take(std::vector<allowance> pools, unsigned parts);
    std::vector<outgoing_ptr> take(name_id pool, unsigned parts) {
        return take(std::vector<allowance>{{pool, parts}}, parts);
    }

    bool any_waiting(name_id pool) const;
    flow& at(const store::flow_name& name) { return flows_[name]; }
    flow_map& all() { return flows_; }
    const flow_map& all() const { return flows_; }

private:
    struct sender { // a source with one of its priorities
        posthorn::priority priority = posthorn::priority::normal;
        std::vector<flow_map::iterator> flows; // by pool
        std::size_t next = 0;                  // whose turn it is among them
        std::int64_t deficit = 0;
    };
    struct request { // what is left to take
        std::vector<allowance> pools;
        unsigned parts = 0;
        std::vector<outgoing_ptr> out;

        allowance* of(name_id pool);
    };

    void know_senders();
    bool others_wait(request& r) const;
    flow* next_flow(sender& s, request& r) const;
    void take_one(flow& f, request& r);
    void take_urgent(request& r, unsigned most);
    void take_shared(request& r);

    flow_map flows_;
    std::vector<sender> senders_;     // of flows_, in their order
    std::size_t known_ = 0;           // so many flows are in senders_
    std::size_t next_ = 0;            // where the round goes on
    bool urgent_has_odd_one_ = false; // whose turn the odd part is: slots come one by one, too
};

} // namespace posthorn::delivery

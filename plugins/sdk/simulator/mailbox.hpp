// What waits to be delivered to one client: receipts and texts from phones.
//
//     add ─► waiting (until due) ─► ready ─► a link with room ═► answered: gone
//                                     ▲                      │
//                                     └── link lost, or "later"
#pragma once

#include "sdk/simulator/outcomes.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::simulator {

using std::chrono::steady_clock;

/// One packet, encoded but for its sequence number.
struct delivery {
    std::string octets;
    std::uint64_t number = 0;             // of this simulator, for the log
    std::uint32_t id_at = 0, id_size = 0; // where in the octets the message id stands
    std::uint32_t tail_size = 0;          // octets at the end that not every client understands
    bool is_receipt = false;
    simulator::outcome outcome = simulator::outcome::enroute; // of a receipt

    std::string_view id() const { return std::string_view(octets).substr(id_at, id_size); }
};

/// A link bound to receive.
class receiver {
public:
    virtual bool has_room() const = 0;
    virtual void deliver(delivery item) = 0;
    /// Writes what deliver() has gathered.
    virtual void flush() = 0;

protected:
    ~receiver() = default;
};

class mailbox {
public:
    using time_point = steady_clock::time_point;

    void add(delivery item, time_point due, time_point now);
    /// Undelivered after all: goes out before anything else.
    void put_back(std::vector<delivery> items);

    /// The receipt of this message, while it waits for its time.
    const delivery* waiting(std::string_view id) const;
    /// The same, taken out.
    std::optional<delivery> take_waiting(std::string_view id);

    void join(receiver& link);
    void leave(receiver& link);

    /// Makes ready what is due, hands it to the links and lets them write. Says when to come
    /// again: nothing when nothing waits for its time.
    std::optional<time_point> pump(time_point now);

private:
    receiver* link_with_room();

    std::deque<std::pair<time_point, delivery>> waiting_; // in the order of time
    std::multimap<time_point, delivery> out_of_order_;    // due before the last of waiting_
    std::deque<delivery> ready_;
    std::vector<receiver*> links_;
    std::size_t turn_ = 0;
};

} // namespace posthorn::simulator

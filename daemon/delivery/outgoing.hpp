// A message in hand: in a flow, in a lane, or at the carrier without an answer. On the loop's
// thread.
#pragma once

#include "model/event.hpp"
#include "model/failover.hpp"
#include "model/message.hpp"
#include "store/store.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <ranges>
#include <unordered_map>
#include <vector>

namespace posthorn::delivery {

// Parts that were made for an account, or for any.
struct parts_of_account {
    store::made_parts made;
    bool udh = false;    // each begins with a header, also the only one
    name_id account = 0; // 0: any
};

// What parts cost that are on their way.
struct reserved_money {
    std::int64_t of_a_part = 0; // millionths
    std::int64_t parts = 0;
    std::string currency;
};

struct outgoing;
using in_hand_ids = std::unordered_map<posthorn::id, outgoing*>;

struct outgoing {
    explicit outgoing(in_hand_ids& in_hand) : in_hand_(in_hand) {}
    outgoing(const outgoing&) = delete;
    outgoing& operator=(const outgoing&) = delete;
    ~outgoing() {
        if (message.id != 0)
            in_hand_.erase(message.id);
    }

    posthorn::message message;
    std::unique_ptr<posthorn::event> fresh;      // its event, while neither is committed
    std::shared_ptr<const store::op_list> along; // committed with it
    instant since{};                             // when it came into hand
    name_id now_in = 0;     // another pool than its row names, since routes have changed
    bool came_back = false; // a part was opened, and is to be opened again as if it had not been
    std::unique_ptr<counted_text> counts;     // in policy, unless nothing leaves after all
    std::unique_ptr<cover> covers;            // likewise: others of its household
    std::unique_ptr<reserved_money> reserved; // of budgets; null: nothing
    bool udh = false;                         // its only part begins with a header
    name_id made_for = 0;                     // the account for which its parts were made; 0: any
    std::unique_ptr<parts_of_account> before; // what they were while it is not sure that it begins
    std::vector<name_id> failed_by; // accounts that had it in vain: it does not go by them
    bool again = false;             // it is with the last of them still, and begins anew
    std::string withdrawn;          // why it must not leave any more; empty: it may
    // Of its run's: the brake judges the run by it, and never keeps it back.
    enum class among_first : std::uint8_t { no, opening, left } first = among_first::no;

    // Where it waits in hand: in the pool that its facts name now.
    store::flow_name waits_in() const {
        return {now_in != 0 ? now_in : message.pool, message.priority, message.source};
    }
    // Where its row waits in the store.
    store::flow_name flow() const { return {message.pool, message.priority, message.source}; }
    bool stored() const { return !fresh; }
    // Bytes of it may have left, or were refused by a carrier.
    bool begun() const {
        return std::ranges::any_of(message.parts, [](const part& p) { return p.attempts > 0; });
    }
    // Some of it, or is over.
    bool has_left() const {
        return std::ranges::any_of(message.parts,
                                   [](const part& p) { return p.state != part_state::queued; });
    }
    bool has_failed_by(name_id account) const {
        return std::ranges::find(failed_by, account) != failed_by.end();
    }
    bool is_first() const { return first != among_first::no; }

    unsigned queued_parts() const {
        unsigned n = 0;
        for (const auto& p : message.parts)
            n += p.state == part_state::queued;
        return n;
    }

private:
    in_hand_ids& in_hand_; // so that a claim does not bring a second copy
};

// Parts of one message that go, and are answered, as one: a single one, or all of a text that its
// account carries whole.
struct part_range {
    std::uint8_t first = 1, last = 1;

    bool contains(std::uint8_t n) const { return first <= n && n <= last; }
    auto numbers() const {
        return std::views::iota(unsigned{first}, last + 1U) |
               std::views::transform([](unsigned n) { return static_cast<std::uint8_t>(n); });
    }
};

inline auto parts_in(message& m, part_range which) {
    return m.parts | std::views::filter([which](const part& p) { return which.contains(p.n); });
}

// Null when the message has no such part.
inline part* part_numbered(message& m, std::uint8_t n) {
    for (auto& p : m.parts)
        if (p.n == n)
            return &p;
    return nullptr;
}

// What a part is called on the wire, where the carrier repeats it in its receipt; a whole text as
// its first part.
constexpr std::uint16_t reference_of(posthorn::id message, std::uint8_t n) {
    // neighbouring ids differ in their low bits only: spread over all sixteen
    return static_cast<std::uint16_t>(
        (static_cast<std::uint64_t>(message) * 0x9E3779B97F4A7C15ULL >> 48) + n);
}

using outgoing_ptr = std::shared_ptr<outgoing>;

// What the event type says about a message's fate; read by number so that a message outlives its
// type.
struct type_rules {
    duration uncertain_wait = std::chrono::seconds(60);
    duration hold_for = std::chrono::hours(24);
    std::string name;       // of the type
    bool statutory = false; // its category
    // What a number may opt out of and then does not get it; none: it is always sent.
    std::optional<category> asks_consent{};
    std::optional<category> of{}; // its category, for policy
    std::optional<posthorn::collapse> collapse{};
    std::optional<failover_rule> failover{};
};

} // namespace posthorn::delivery

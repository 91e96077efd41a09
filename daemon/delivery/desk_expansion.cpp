// Messages of events for many: they are committed before they come into hand, and have a place in the
// store's queue until they leave.
#include "delivery/desk.hpp"

#include <algorithm>

namespace posthorn::delivery {

void desk::add_recipients(std::vector<store::add_recipient> messages,
                          std::vector<store::advance_expansion> so_far,
                          std::function<void()> then) {
    auto waiting = std::make_shared<std::vector<message>>(); // without an id: closed at once
    std::vector<store::op> ops;
    bool urgent = false;
    for (auto& one : messages) {
        const auto& m = one.message;
        const bool waits = std::ranges::any_of(
            m.parts, [](const part& p) { return p.state == part_state::queued; });
        if (waits)
            ++flows_.at({m.pool, m.priority, m.source}).on_their_way;
        waiting->push_back(waits ? m : message{});
        urgent |= waits && m.priority == priority::urgent;
        ops.emplace_back(std::move(one));
    }
    for (auto& one : so_far)
        ops.emplace_back(std::move(one));
    store().submit(
        std::move(ops),
        [this, waiting, then = std::move(then)](std::span<const store::outcome> outcomes) {
            for (std::size_t i = 0; i < waiting->size(); ++i) {
                auto& m = (*waiting)[i];
                if (m.parts.empty())
                    continue;
                m.id = outcomes[i].message;
                m.event = outcomes[i].event;
                if (outcomes[i].what == store::outcome::code::applied)
                    take_in_hand(std::move(m));
                else // its event has been cancelled
                    --flows_.at({m.pool, m.priority, m.source}).on_their_way;
            }
            then();
        },
        urgent);
}

// It waits in the store's queue; where nothing waits before it, it need not be claimed from there.
void desk::take_in_hand(message m) {
    const store::flow_name name{m.pool, m.priority, m.source};
    auto& f = flows_.at(name);
    --f.on_their_way;
    if (m.due_at > now() || f.spilling || f.next_due != instant{}) {
        queued(name, m.due_at);
        return;
    }
    auto o = in_hand_again(std::move(m));
    if (turn_away(o))
        return;
    flows_.push_back(std::move(o));
    wake_lanes(name.pool);
}

} // namespace posthorn::delivery

// What people and sources take back of an event for many, or for a topic.
#include "gateway/house.hpp"

namespace posthorn::gateway {

// From there on it goes the way of what a later event withdraws.
void house::cancel_event(posthorn::id event, store::operation by, std::function<void()> done) {
    std::vector<store::op> ops;
    ops.emplace_back(
        store::cancel_event{.event = event, .reason = "cancelled: " + by.reason, .at = by.at});
    ops.emplace_back(std::move(by));
    store_.submit(
        std::move(ops),
        [this, done = std::move(done)](auto) {
            expansion_->soon();
            withdrawals_->soon();
            done();
        },
        true);
}

} // namespace posthorn::gateway

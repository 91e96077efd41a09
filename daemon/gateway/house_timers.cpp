// What timers need of the house.
#include "gateway/house.hpp"

namespace posthorn::gateway {

timer_needs house::needs_of_timers() {
    return {.loop = loop_,
            .desk = *desk_,
            .live = c_->settings.live_db(),
            .now = now_,
            .log = [this](sdk::level l, auto what) { log_(l, "timers", what); },
            .stands_still = [this] { return stopping_ || !desk_->halted().empty(); },
            .committed = [this](std::vector<store::op> ops) { return committed(std::move(ops)); },
            .prepared =
                [this](name_id source, event e) {
                    auto row = again_->prepare({.event = std::move(e)}, now_());
                    return completed(source, std::move(row));
                }};
}

} // namespace posthorn::gateway

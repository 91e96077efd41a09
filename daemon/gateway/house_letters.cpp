// What messages that go by e-mail at quiet hours need of the house.
#include "gateway/house.hpp"

namespace posthorn::gateway {

letter_needs house::needs_of_letters() {
    auto as_expansion = needs_of_expansion();
    return {.loop = loop_,
            .desk = *desk_,
            .live = c_->settings.live_db(),
            .history = c_->settings.history_dir(),
            .now = now_,
            .log = [this](sdk::level l, auto what) { log_(l, "letters", what); },
            .stands_still = std::move(as_expansion.stands_still),
            .type_named = std::move(as_expansion.type_named),
            .made = std::move(as_expansion.made)};
}

} // namespace posthorn::gateway

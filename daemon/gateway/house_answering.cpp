// What answering texts from phones needs of the house.
#include "gateway/house.hpp"

namespace posthorn::gateway {

answering_surroundings house::answering_needs() {
    return {.loop = loop_,
            .store = store_,
            .desk = *desk_,
            .live = c_->settings.live_db(),
            .history = c_->settings.history_dir(),
            .now = now_,
            .log = [this](sdk::level l, auto what) { log_(l, "answers", what); },
            .prepared =
                [this](event e) {
                    auto row = again_->prepare({.event = std::move(e)}, now_());
                    return completed(sources_.find(own_source)->second, std::move(row));
                },
            .own_pool = [this](name_id account) -> std::optional<name_id> {
                for (const auto& lane : desk_->lanes())
                    if (lane->settings().account_number == account && !lane->winding_up())
                        return pools_.at(own_pool(lane->settings().account));
                return std::nullopt;
            }};
}

} // namespace posthorn::gateway

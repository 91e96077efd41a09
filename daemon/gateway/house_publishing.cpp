// What publishing needs of the house, and what of it waits.
#include "gateway/house.hpp"

namespace posthorn::gateway {

publishing_needs house::needs_of_publishing() {
    return {.loop = loop_,
            .store = store_,
            .desk = *desk_,
            .live = c_->settings.live_db(),
            .now = now_,
            .log = [this](sdk::level l, auto what) { log_(l, "publishing", what); },
            .stands_still = [this] { return stopping_ || !desk_->halted().empty(); },
            .held = [this](const std::string& source) -> publishing::surroundings::hold {
                const auto found = sources_.find(source);
                if (found == sources_.end())
                    return {};
                const auto* why = desk_->why_held({.source = found->second});
                if (why == nullptr)
                    return {};
                return {std::string(why->stopped ? "stopped" : "paused") + ": " + why->reason,
                        why->stopped};
            },
            .prepared =
                [this](event e) {
                    auto row = again_->prepare({.event = std::move(e)}, now_());
                    return completed(sources_.find(own_source)->second, std::move(row));
                },
            .ask =
                [this](std::string lookup, boost::json::object parameters) {
                    return answering_->ask(std::move(lookup), std::move(parameters));
                }};
}

std::vector<std::string> house::unpublished() const {
    const auto now = publishing_->figures();
    std::vector<std::string> out;
    for (const auto& item : now.stuck)
        out.push_back(item.topic + " " + item.item + ": " + item.why);
    for (const auto& clock : now.clocks)
        if (!clock.failing.empty())
            out.push_back(clock.topic + ": " + clock.failing);
    return out;
}

} // namespace posthorn::gateway

// What answering texts from phones needs of the house, and a text that is only tried.
#include "gateway/house.hpp"

#include <algorithm>

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
            .source_numbered = [this](const auto& name) { return sources_.at(name); },
            .own_pool = [this](name_id account) -> std::optional<name_id> {
                for (const auto& lane : desk_->lanes())
                    if (lane->settings().account_number == account && !lane->winding_up())
                        return pools_.at(own_pool(lane->settings().account));
                return std::nullopt;
            },
            .one_link =
                [this](name_id account) {
                    return std::ranges::any_of(desk_->lanes(), [account](const auto& lane) {
                        return lane->settings().account_number == account && lane->one_link();
                    });
                }};
}

void house::rehearse(api::tried_text what, std::function<void(api::text_trial)> done) {
    std::string refusal;
    if (stopping_)
        refusal = "posthornd is stopping";
    else if (!answering_->answers_texts())
        refusal = "no query code is configured (`commands_dir`): texts from phones are only kept";
    if (!refusal.empty())
        return asio::post(loop_, [done = std::move(done), refusal] { done({.refusal = refusal}); });
    tasks_.spawn("trial of a text", rehearse_it(std::move(what), std::move(done)));
}

asio::awaitable<void> house::rehearse_it(api::tried_text what,
                                         std::function<void(api::text_trial)> done) {
    api::text_trial told;
    try {
        inbound_text t{.id = 1,
                       .sender = std::move(what.from),
                       .recipient = std::move(what.to),
                       .text = std::move(what.text),
                       .at = now_()};
        told.would = co_await answering_->rehearse(std::move(t));
    } catch (const std::exception& e) {
        told.refusal = e.what();
    }
    done(std::move(told));
}

} // namespace posthorn::gateway

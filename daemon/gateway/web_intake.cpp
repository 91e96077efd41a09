#include "gateway/web_intake.hpp"

namespace posthorn::gateway {

namespace asio = boost::asio;

void web_intake::take(std::string source, std::vector<event> events,
                      std::function<void(api::intake_answer)> done) {
    if (auto why = around_.closed(source); !why.empty()) {
        asio::post(around_.loop,
                   [why = std::move(why), done = std::move(done)] { done({.closed = why}); });
        return;
    }
    // shared: a handler of Asio's may be copied
    auto rows = std::make_shared<std::vector<event>>(std::move(events));
    asio::post(pool_, [this, source = std::move(source), rows, done = std::move(done)] {
        auto ready = std::make_shared<std::vector<intake::prepared>>();
        const auto now = around_.now();
        for (auto& e : *rows)
            ready->push_back(preparer_->prepare({.event = std::move(e)}, now));
        asio::post(around_.loop,
                   [this, source, ready, done] { commit(source, std::move(*ready), done); });
    });
}

void web_intake::commit(const std::string& source, std::vector<intake::prepared> rows,
                        std::function<void(api::intake_answer)> done) {
    auto answer = std::make_shared<api::intake_answer>();
    std::vector<store::add_event> events;
    for (auto& row : rows) {
        answer->events.push_back({.parked = row.parked});
        events.push_back(around_.completed(source, std::move(row)));
    }
    around_.desk.store_in_queue(std::move(events), [answer, done = std::move(done)](
                                                       std::span<const store::outcome> outcomes) {
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            auto& e = answer->events[i];
            e.what = outcomes[i].what;
            e.event = outcomes[i].event;
            e.message = outcomes[i].message;
            if (e.what != store::outcome::code::applied)
                e.parked.clear(); // of the one that was not stored
        }
        done(std::move(*answer));
    });
}

} // namespace posthorn::gateway

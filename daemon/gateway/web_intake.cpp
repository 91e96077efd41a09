#include "gateway/web_intake.hpp"

#include <algorithm>
#include <utility>

namespace posthorn::gateway {

namespace asio = boost::asio;

// One request on its way: answer.events are those that are through.
struct web_intake::batch {
    std::string source;
    std::vector<event> events;
    std::function<void(api::intake_answer)> done;
    api::intake_answer answer;
};

void web_intake::take(std::string source, std::vector<event> events,
                      std::function<void(api::intake_answer)> done) {
    auto b =
        std::make_shared<batch>(batch{std::move(source), std::move(events), std::move(done), {}});
    b->answer.closed = around_.closed(b->source);
    asio::post(around_.loop, [this, b] {
        if (b->answer.closed.empty())
            go_on(b);
        else
            b->done(std::move(b->answer));
    });
}

// As many as the quota has room for. In rounds: what turns out to be known already gives its place
// to those after it, so that a batch that is handed in again gets further than before.
void web_intake::go_on(const batch_ptr& b) {
    const auto first = b->answer.events.size();
    const auto left = b->events.size() - first;
    const auto now = around_.now();
    const auto some = around_.quota.reserve(b->source, left, now);
    if (some == 0 && left > 0) {
        b->answer.over_quota = around_.quota.in_the_way(b->source, now);
        if (!b->answer.over_quota) // somebody gave a place back just now
            return asio::post(around_.loop, [this, b] { go_on(b); });
        b->answer.retry_after = b->answer.over_quota->ends - now;
    }
    if (some == 0)
        return b->done(std::move(b->answer));
    asio::post(pool_, [this, b, first, some] {
        auto ready = std::make_shared<std::vector<intake::prepared>>();
        const auto at = around_.now();
        for (auto i = first; i < first + some; ++i)
            ready->push_back(preparer_->prepare({.event = std::move(b->events[i])}, at));
        asio::post(around_.loop, [this, b, ready] {
            const auto unread = std::ranges::find(*ready, true, &intake::prepared::later);
            if (unread == ready->end())
                return commit(b, std::move(*ready));
            around_.quota.settle(b->source, ready->size(), 0, around_.now());
            b->answer.closed = unread->parked;
            b->done(std::move(b->answer));
        });
    });
}

void web_intake::commit(const batch_ptr& b, std::vector<intake::prepared> rows) {
    std::vector<store::add_event> events;
    for (auto& row : rows) {
        events.push_back(around_.completed(b->source, std::move(row)));
        b->answer.events.push_back({.parked = events.back().parked});
    }
    around_.desk.store_in_queue(std::move(events),
                                [this, b](std::span<const store::outcome> outcomes) {
                                    note(*b, outcomes);
                                    go_on(b);
                                });
}

void web_intake::note(batch& b, std::span<const store::outcome> outcomes) {
    std::size_t taken_in = 0;
    auto e = b.answer.events.end() - static_cast<std::ptrdiff_t>(outcomes.size());
    for (const auto& o : outcomes) {
        e->what = o.what;
        e->event = o.event;
        e->message = o.message;
        if (o.what == store::outcome::code::applied)
            ++taken_in;
        else
            e->parked.clear(); // of the one that was not stored
        ++e;
    }
    around_.quota.settle(b.source, outcomes.size(), taken_in, around_.now());
}

} // namespace posthorn::gateway

// What is looked after all the time: clock and disk, what is due, the figures.
#include "gateway/house.hpp"

#include "api/shapes.hpp"
#include "runtime/run_on.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace posthorn::gateway {

using namespace std::chrono_literals;
using runtime::read_clocks;

// In step with small corrections; now and then noted, so that the next start knows.
void house::mind_the_clock(bool note, store::operation by) {
    const auto r = read_clocks();
    clock_.follow(r);
    if (!note || !clock_.believes(r))
        return;
    std::vector<store::op> ops;
    ops.emplace_back(store::note_clock{r.wall});
    if (!by.what.empty())
        ops.emplace_back(std::move(by));
    store_.submit(std::move(ops));
}

// So that a new token works, and a revoked one does not, within a second.
void house::look_at_tokens() {
    if (const auto wrong = tokens_.refresh())
        log_(sdk::level::error, "http", *wrong + ": the tokens known before stay in force");
}

// An empty commit a second: its answer says that the store makes progress.
void house::question_store() {
    if (asked_store_)
        return;
    asked_store_ = read_clocks().since_boot;
    store_.submit({}, [this](auto) { asked_store_.reset(); });
}

asio::awaitable<void> house::measure_disk() {
    const auto folder = c_->settings.state_dir, file = c_->settings.live_db();
    const auto measured = co_await runtime::run_on(reads_, [&] {
        std::error_code ignored;
        return std::pair(std::filesystem::space(folder, ignored).available,
                         std::filesystem::file_size(file, ignored));
    });
    disk_free_ = static_cast<std::int64_t>(measured.first);
    database_ = static_cast<std::int64_t>(measured.second);
}

api::health_figures house::health() const {
    api::health_figures out{.version = POSTHORN_VERSION,
                            .not_ready = stopping_ ? "posthornd is stopping" : trouble(),
                            .store = store_.figures(),
                            .backlog = store_.backlog(),
                            .disk_free = disk_free_,
                            .database = database_,
                            .months_unsealed = static_cast<std::int64_t>(unsealed_.size()),
                            .receipts_timed = teller_->figures().messages,
                            .receipt_delay_micros = teller_->figures().micros};
    const auto callbacks = callbacks_->figures();
    out.callbacks_taken = callbacks.taken;
    out.callbacks_failed = callbacks.failed;
    out.callbacks_given_up = callbacks.given_up;
    out.callbacks_waiting = callbacks.waiting;
    out.answering = answering_->figures();
    out.publishing = publishing_->figures();
    out.timers_due_since = timers_->due_since();
    if (asked_store_)
        out.store_silent = read_clocks().since_boot - *asked_store_;
    return out;
}

// Why nothing may be sent; empty when nothing is in the way.
std::string house::trouble() const {
    if (const auto r = read_clocks(); !clock_.believes(r)) {
        const auto shown = [](instant t) {
            return api::rfc3339(std::chrono::floor<std::chrono::seconds>(t));
        };
        return "the clock of this machine says " + shown(r.wall) + ", and " + shown(clock_.now(r)) +
               " was expected: set it, or `posthorn accept-clock` when it is right";
    }
    if (store_.short_of_space())
        return "the disk of " + c_->settings.state_dir.string() + " is full: free space";
    return {};
}

asio::awaitable<void> house::pulse() {
    asio::steady_timer tick(loop_);
    while (!stopping_) {
        const auto why = trouble();
        desk_->halt(why);
        drain_->hold(!why.empty());
        desk_->pulse();
        answering_->pulse();
        tick.expires_after(100ms);
        co_await tick.async_wait(asio::use_awaitable);
    }
}

// Once a second the figures, every ten the summary, every minute what waits too long for a receipt.
asio::awaitable<void> house::look_after() {
    asio::steady_timer tick(loop_);
    for (unsigned second = 0; !stopping_; ++second) {
        watch_->sample(now_());
        if (second % 10 == 9)
            summary();
        mind_the_clock(second % 60 == 0);
        if (!c_->settings.http.address.empty())
            look_at_tokens();
        question_store();
        mind_quotas();
        if (second % 10 == 0)
            co_await measure_disk();
        if (second % 60 == 0)
            co_await give_up_overdue();
        if (second % 60 == 20)
            keep_learned();
        if (second % 60 == 30)
            co_await end_subscriptions();
        if (second % 60 == 45 && c_->routes->any_by_quality())
            desk_->use(seats());
        if (second % 3600 == 0 && !sealing_)
            tasks_.spawn("sealing", seal_months());
        if (second % 10 == 0)
            co_await let_go();
        tick.expires_after(1s);
        co_await tick.async_wait(asio::use_awaitable);
    }
}

// In portions, until there is none.
asio::awaitable<void> house::give_up_overdue() {
    const auto wait = c_->settings.receipt_wait; // another configuration may come meanwhile
    posthorn::id first = 0;                      // of a portion: twice the same is no progress
    for (bool more = true; more && !stopping_ && desk_->halted().empty();) {
        auto overdue =
            co_await runtime::run_on(reads_, [&] { return for_care_.overdue(now_(), wait); });
        if (stopping_ || overdue.empty()) // a store that stops answers no more
            break;
        more = overdue.front().message != std::exchange(first, overdue.front().message);
        desk_->give_up(std::move(overdue));
        co_await all_told(); // the next portion must not find the same ones
    }
}

void house::summary() {
    auto before = std::exchange(submitted_before_, {});
    for (const auto& l : desk_->lanes()) {
        const auto& lane = *l;
        const auto sent = lane.submitted() - before[lane.settings().account];
        submitted_before_[lane.settings().account] = lane.submitted();
        if (sent > 0)
            log_(sdk::level::info, lane.settings().account,
                 "submitted=" + std::to_string(sent) + " in 10 s, open=" +
                     std::to_string(lane.open()) + "/" + std::to_string(lane.slots()) +
                     " waiting_for_receipts=" + std::to_string(desk_->waiting_for_receipts()));
    }
}

} // namespace posthorn::gateway

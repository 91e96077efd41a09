#include "delivery/sweeper.hpp"

#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

#include <boost/asio/as_tuple.hpp>

namespace posthorn::delivery {

namespace {

namespace asio = boost::asio;

constexpr std::size_t at_once = 300; // messages: some milliseconds of the writer's time
constexpr std::size_t recalled_at_once = 20;
constexpr duration claimed_soon = std::chrono::seconds(5);
constexpr auto between_looks = std::chrono::seconds(5);

} // namespace

sweeper::sweeper(desk& owner, std::filesystem::path live, std::filesystem::path history,
                 asio::any_io_executor executor)
    : desk_(owner), reader_(std::move(live), std::move(history)), nap_(std::move(executor)) {}

void sweeper::stop() {
    stopping_ = true;
    nap_.cancel();
}

void sweeper::look(std::int64_t cancelled_before, std::function<void(std::int64_t)> done) {
    changed_ = true;
    if (done)
        requests_.push_back({std::move(done), cancelled_before});
    nap_.cancel();
}

asio::awaitable<void> sweeper::run() {
    while (!stopping_) {
        const bool changed = std::exchange(changed_, false);
        auto requests = std::exchange(requests_, {});
        std::string failure;
        try {
            co_await go_through_all(changed);
        } catch (const store::read_failed& e) {
            failure = e.what();
        }
        if (failure.empty()) {
            answer(requests);
        } else { // it is tried again
            desk_.log(sdk::level::warn, "", "what waits could not be gone through: " + failure);
            changed_ |= changed;
            requests_.insert(requests_.end(), std::make_move_iterator(requests.begin()),
                             std::make_move_iterator(requests.end()));
        }
        if (stopping_ || ((changed_ || policy_changed_) && failure.empty()))
            continue;
        nap_.expires_after(between_looks);
        co_await nap_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    answer(requests_);
}

void sweeper::answer(std::vector<request>& requests) {
    for (const auto& r : std::exchange(requests, {}))
        r.done(cancelled() - r.cancelled_before);
}

asio::awaitable<void> sweeper::go_through_all(bool changed) {
    const bool stopped = changed && desk_.paused().any_stopped();
    if (stopped)
        co_await cancel_queued();
    co_await go_through_set_aside(changed);
    if (stopped)
        co_await recall_submitted();
    if (policy_changed_)
        co_await go_through_put_off();
}

// What is due so soon that it may be on its way to the desk is judged there.
asio::awaitable<void> sweeper::go_through_put_off() {
    policy_changed_ = false;
    store::put_off_place place{.until = desk_.now() + claimed_soon};
    while (!stopping_ && desk_.halted().empty()) {
        const auto found =
            co_await runtime::run_on(pool_, [&] { return reader_.put_off_after(place, at_once); });
        if (found.empty())
            co_return;
        place = {found.back().due_at, found.back().id};
        std::vector<store::op> ops;
        std::vector<std::pair<store::flow_name, instant>> moved;
        for (const auto& m : found)
            if (auto anew = desk_.put_off_anew(m)) {
                moved.emplace_back(store::flow_name{m.pool, m.priority, m.source}, anew->until);
                ops.emplace_back(std::move(*anew));
            }
        co_await commit(std::move(ops));
        for (const auto& [flow, until] : moved)
            desk_.queued(flow, until);
    }
}

// What the carrier has and may not have delivered yet.
asio::awaitable<void> sweeper::recall_submitted() {
    posthorn::id first = 1;
    const posthorn::id last = first_id_at(desk_.now() + std::chrono::seconds(1));
    while (!stopping_ && first <= last) {
        auto found = co_await runtime::run_on(
            pool_, [&] { return reader_.submitted(first, last, recalled_at_once); });
        std::erase_if(found, [this](const store::submitted_part& p) {
            const auto* why = desk_.why_held(p.message);
            return !why || !why->stopped;
        });
        if (!found.empty())
            co_await recall(std::move(found));
    }
}

// Returns when the carriers have answered for all of them.
asio::awaitable<void> sweeper::recall(std::vector<store::submitted_part> parts) {
    co_await runtime::answer_of<void>([this, &parts](auto done) {
        auto open = std::make_shared<std::size_t>(parts.size());
        for (const auto& p : parts) {
            const auto* why = desk_.why_held(p.message);
            desk_.recall(p, why ? reason_of(*why) : "stopped", [=, this](const auto& said) {
                cancelled_ += said.what == sdk::cancellation::kind::cancelled;
                if (--*open == 0)
                    done();
            });
        }
    });
}

// What waits in the queue, also what is due much later.
asio::awaitable<void> sweeper::cancel_queued() {
    store::queue_place place;
    while (!stopping_) {
        const auto found =
            co_await runtime::run_on(pool_, [&] { return reader_.queued_after(place, at_once); });
        if (found.empty())
            co_return;
        const auto& last = found.back();
        place = {{last.pool, last.priority, last.source}, last.due_at, last.id};
        std::vector<store::op> ops;
        for (const auto& m : found)
            if (const auto* why = desk_.why_held(m); why && why->stopped)
                ops.emplace_back(
                    store::close_message{m.id, part_event::cancel, reason_of(*why), desk_.now()});
        co_await commit(std::move(ops));
    }
}

// Only as far as their time is over, unless pauses have changed.
asio::awaitable<void> sweeper::go_through_set_aside(bool changed) {
    store::aside_place place;
    while (!stopping_ && desk_.halted().empty()) {
        const auto found = co_await runtime::run_on(
            pool_, [&] { return reader_.set_aside_after(place, at_once); });
        if (found.empty())
            co_return;
        std::vector<store::op> ops;
        for (const auto& m : found)
            decide_aside(m, ops);
        place = {found.back().expires_at, found.back().id};
        const bool all_over = found.back().expires_at <= desk_.now();
        co_await commit(std::move(ops));
        for (const auto& m : found)
            if (!desk_.why_held(m))
                desk_.queued({m.pool, m.priority, m.source}, m.due_at);
        if (!changed && !all_over)
            co_return;
    }
}

void sweeper::decide_aside(const message& m, std::vector<store::op>& ops) {
    const auto now = desk_.now();
    const auto* why = desk_.why_held(m);
    if (m.expires_at <= now)
        ops.emplace_back(store::close_message{m.id, part_event::expire,
                                              "its time was over while it was paused", now});
    else if (why && why->stopped)
        ops.emplace_back(store::close_message{m.id, part_event::cancel, reason_of(*why), now});
    else if (!why)
        ops.emplace_back(store::put_back{m.id});
}

// Returns when it is durable.
asio::awaitable<void> sweeper::commit(std::vector<store::op> ops) {
    if (ops.empty())
        co_return;
    co_await runtime::answer_of<void>([this, &ops](auto done) {
        desk_.store().submit(std::move(ops), [this, done](std::span<const store::outcome> told) {
            for (const auto& o : told)
                cancelled_ +=
                    o.what == store::outcome::code::applied && o.state == message_state::cancelled;
            done();
        });
    });
}

} // namespace posthorn::delivery

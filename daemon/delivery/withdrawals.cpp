#include "delivery/withdrawals.hpp"

#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"
#include "store/fault_point.hpp"

#include <boost/asio/as_tuple.hpp>

namespace posthorn::delivery {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr std::size_t open_at_once = 100;
constexpr std::size_t messages_at_once = 300; // messages: some milliseconds of the writer's time
// A carrier's answer is worth waiting for; without one the text counts as told.
constexpr duration patience_for_answers = 5s;
constexpr duration between_rounds = 200ms, between_idle_rounds = 10s;

} // namespace

withdrawals::withdrawals(desk& owner, std::filesystem::path live, asio::any_io_executor executor,
                         std::function<bool(const std::string&)> only_told)
    : desk_(owner), only_told_(std::move(only_told)), withdrawals_(live),
      messages_(live, live.parent_path()), nap_(std::move(executor)) {}

void withdrawals::stop() {
    stopping_ = true;
    nap_.cancel();
}

void withdrawals::soon() {
    wanted_ = true;
    nap_.cancel();
}

asio::awaitable<void> withdrawals::run() {
    while (!stopping_) {
        wanted_ = false;
        bool open = false;
        std::string failure;
        try {
            open = co_await round();
        } catch (const store::read_failed& e) { // the next round reads again
            failure = e.what();
        }
        if (!failure.empty())
            desk_.log(sdk::level::warn, "", "withdrawals wait: " + failure);
        if (stopping_ || wanted_)
            continue;
        nap_.expires_after(open || !failure.empty() ? between_rounds : between_idle_rounds);
        co_await nap_.async_wait(asio::as_tuple(asio::use_awaitable)); // soon() cuts it short
    }
}

// True: some are still under way.
asio::awaitable<bool> withdrawals::round() {
    bool any = false;
    for (posthorn::id after = 0; !stopping_ && desk_.halted().empty();) {
        const auto open =
            co_await runtime::run_on(pool_, [&] { return withdrawals_.open(after, open_at_once); });
        for (const auto& w : open) {
            if (stopping_)
                break;
            co_await step(w);
        }
        any = any || !open.empty();
        if (open.size() < open_at_once)
            break;
        after = open.back().event;
    }
    if (!any)
        asked_.clear();
    co_return any;
}

// Once through all that it means.
asio::awaitable<void> withdrawals::step(const store::open_withdrawal& w) {
    const bool expanding =
        co_await runtime::run_on(pool_, [&] { return withdrawals_.expanding(w); });
    const bool under_way = co_await go_through(w);
    if (stopping_ || expanding || under_way)
        co_return;
    store::fault_point("withdrawn");
    store::end_withdrawal end{.event = w.event, .by_name = w.by_name};
    co_await commit(std::move(end));
}

// True: some of it is under way, and must be looked at again.
asio::awaitable<bool> withdrawals::go_through(const store::open_withdrawal& w) {
    const bool waits_for_answers = desk_.now() < w.since + patience_for_answers;
    bool under_way = false;
    for (store::withdrawal_reader::place place; !stopping_;) {
        const auto found = co_await runtime::run_on(
            pool_, [&] { return withdrawals_.messages(w, place, messages_at_once); });
        std::vector<posthorn::id> waiting;
        store::note_told told{.messages = {}, .at = desk_.now()};
        for (const auto& m : found) {
            if (m.waits || m.uncertain) // and is not sent again
                waiting.push_back(m.id);
            if (!m.waits)
                told.messages.push_back(m.id);
            under_way |= m.waits || (m.sending && waits_for_answers);
        }
        if (!waiting.empty())
            co_await runtime::answer_of<void>(
                [&](auto done) { desk_.withdraw(waiting, w.reason, done); });
        for (const auto message : told.messages)
            co_await recall(w, message);
        if (!told.messages.empty() && only_told_(w.type))
            co_await commit(std::move(told));
        if (found.size() < messages_at_once)
            break;
    }
    co_return under_way;
}

asio::awaitable<void> withdrawals::commit(store::op what) {
    co_await runtime::answer_of<void>([&](auto done) {
        std::vector<store::op> ops;
        ops.push_back(std::move(what));
        desk_.store().submit(std::move(ops), [done](auto) { done(); });
    });
}

// Of an account whose carrier is known to give texts back; each is asked for once.
asio::awaitable<void> withdrawals::recall(const store::open_withdrawal& w, posthorn::id message) {
    if (!desk_.any_takes_back() || !asked_.insert(message).second)
        co_return;
    auto first = message;
    const auto parts =
        co_await runtime::run_on(pool_, [&] { return messages_.submitted(first, message, 1); });
    for (const auto& part : parts)
        if (desk_.takes_back(part.message.account))
            co_await runtime::answer_of<sdk::cancellation>(
                [&](auto done) { desk_.recall(part, w.reason, done); });
}

} // namespace posthorn::delivery

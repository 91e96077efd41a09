#include "gateway/expansion_desk.hpp"

#include "runtime/answer_of.hpp"
#include "runtime/run_on.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace posthorn::gateway {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::milliseconds soonest = 20ms, latest = 1000ms;

} // namespace

expansion_desk::expansion_desk(expansion_needs needs)
    : needs_(std::move(needs)), reader_(needs_.live),
      tasks_(needs_.loop.get_executor(), [this](auto task, auto what) {
          log(expansion::level::error, std::string(task) + ": " + std::string(what));
      }) {}

void expansion_desk::start() { tasks_.spawn("expansion", run()); }

void expansion_desk::soon() {
    wanted_ = true;
    tick_.cancel();
}

// Looked for each second, and sooner while events for many are taken in, which are committed soon
// after, and while texts that wait before theirs leave.
asio::awaitable<void> expansion_desk::run() {
    while (!stopping_) {
        std::string wrong;
        const bool wanted = std::exchange(wanted_, false);
        const auto made_before = expander_.figures().texts;
        try {
            co_await expander_.round();
        } catch (const store::read_failed& e) { // the next round reads again
            wrong = e.what();
        }
        if (!wrong.empty())
            log(expansion::level::warn, wrong);
        if (stopping_)
            break;
        const bool idle = !wanted && expander_.figures().texts == made_before;
        const bool full = expander_.figures().waits_for_room;
        nap_ = wanted || (full && !idle) ? soonest : full ? std::min(2 * nap_, latest) : latest;
        tick_.expires_after(nap_);
        co_await tick_.async_wait(asio::as_tuple(asio::use_awaitable)); // soon() cuts it short
    }
}

asio::awaitable<void> expansion_desk::stop() {
    stopping_ = true;
    tick_.cancel();
    co_await tasks_.wait();
}

expansion::surroundings::hold expansion_desk::held(const event& e) const {
    auto m = needs_.place_of(e);
    m.run = e.run;
    const auto* why = needs_.desk.why_held(m);
    if (why == nullptr)
        return {};
    return {std::string(why->stopped ? "stopped" : "paused") + ": " + why->reason, why->stopped};
}

asio::awaitable<std::vector<store::open_expansion>>
expansion_desk::open_expansions(posthorn::id after, std::size_t most) {
    co_return co_await runtime::run_on(reads_, [&] { return reader_.open(after, now(), most); });
}

asio::awaitable<std::vector<store::some_recipients>>
expansion_desk::recipients(std::vector<store::rest_of_audience> rests, std::size_t limit) {
    co_return co_await runtime::run_on(reads_, [&] { return reader_.recipients(rests, limit); });
}

asio::awaitable<std::vector<store::recipient>>
expansion_desk::told(const event& e, std::vector<std::string> types,
                     std::vector<store::recipient> among) {
    co_return co_await runtime::run_on(reads_,
                                       [&] { return reader_.told(e, types, std::move(among)); });
}

asio::awaitable<bool> expansion_desk::is_known(to_kind kind, std::string ref) {
    co_return co_await runtime::run_on(reads_, [&] { return reader_.is_known(kind, ref); });
}

asio::awaitable<std::size_t> expansion_desk::waiting(const event& e, std::size_t most) {
    const auto m = needs_.place_of(e);
    const auto pools = needs_.pools_beside(m.pool);
    co_return co_await runtime::run_on(reads_, [&] {
        std::size_t n = 0;
        for (auto at = pools.begin(); at != pools.end() && n < most; ++at)
            n += reader_.waiting({*at, m.priority, m.source}, now(), most - n);
        return n;
    });
}

asio::awaitable<void> expansion_desk::add(std::vector<store::add_recipient> messages,
                                          std::vector<store::advance_expansion> so_far) {
    co_await runtime::answer_of<void>([&](auto done) {
        needs_.desk.add_recipients(std::move(messages), std::move(so_far), done);
    });
}

void expansion_desk::log(expansion::level l, std::string_view what) {
    needs_.log(l == expansion::level::info   ? sdk::level::info
               : l == expansion::level::warn ? sdk::level::warn
                                             : sdk::level::error,
               what);
}

} // namespace posthorn::gateway

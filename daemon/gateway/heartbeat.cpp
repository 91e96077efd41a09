#include "gateway/heartbeat.hpp"

#include "store/reader.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace posthorn::gateway {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr duration between_verdicts = 10s;
constexpr duration to_leave = 5s;         // ourselves, before we are killed
constexpr duration between_tries = 100ms; // when the manager's queue is full

} // namespace

heartbeat::heartbeat(asio::any_io_executor loop, store::store& store,
                     std::function<asio::awaitable<std::string>()> verdict)
    : store_(store), verdict_(std::move(verdict)), beat_(loop), verdict_timer_(loop) {}

asio::awaitable<void> heartbeat::beat() {
    while (!stopping_ && !manager_.ready())
        co_await rest(beat_, between_tries);
    if (!manager_.watchdog())
        co_return;
    // Three chances in the time that is given, one of which may be lost.
    const auto pause = std::max<duration>(*manager_.watchdog() / 3, 1ms);
    while (!stopping_) {
        if (worked())
            manager_.alive();
        co_await rest(beat_, pause);
    }
}

bool heartbeat::worked() {
    const auto before = std::exchange(commits_begun_, store_.figures().commits_begun);
    if (!std::exchange(asked_, true))
        store_.submit({}, [this](auto) { asked_ = false; });
    return commits_begun_ != before;
}

asio::awaitable<void> heartbeat::tell_verdict() {
    std::string told;
    while (manager_.listens() && !stopping_) {
        std::string now;
        try {
            now = co_await verdict_();
        } catch (const store::read_failed& e) {
            now = e.what();
        }
        if (now != told && manager_.status(now))
            told = std::move(now);
        co_await rest(verdict_timer_, between_verdicts);
    }
}

asio::awaitable<void> heartbeat::rest(asio::steady_timer& timer, duration pause) {
    if (stopping_)
        co_return;
    timer.expires_after(pause);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable)); // stopping() ends it early
}

void heartbeat::stopping(duration at_most) {
    stopping_ = true;
    manager_.stopping(at_most + to_leave);
    beat_.cancel();
    verdict_timer_.cancel();
}

} // namespace posthorn::gateway

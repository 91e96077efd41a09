#include "runtime/task_group.hpp"
#include "runtime/within.hpp"
#include "sdk/backoff.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <stdexcept>

namespace runtime_test {

using namespace posthorn;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

constexpr auto for_ever = asio::steady_timer::time_point::max();

asio::awaitable<void> pause(asio::steady_timer& timer) {
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<int> seven() { co_return 7; }

asio::awaitable<int> after(asio::steady_timer& timer) {
    co_await timer.async_wait(asio::use_awaitable);
    co_return 1;
}

asio::awaitable<int> failing() {
    throw std::runtime_error("broken");
    co_return 0;
}

template <class T>
T result_of(asio::io_context& io, asio::awaitable<T> work) {
    std::optional<T> result;
    std::exception_ptr failed;
    asio::co_spawn(io, std::move(work), [&](const std::exception_ptr& error, T value) {
        failed = error;
        result = std::move(value);
    });
    io.run();
    if (failed)
        std::rethrow_exception(failed);
    return *result;
}

} // namespace

TEST_CASE("runtime: within gives the value, nothing after the limit, or the exception at once") {
    asio::io_context io;
    SUBCASE("value") { CHECK(result_of(io, runtime::within(seven(), 1h)) == 7); }
    SUBCASE("limit") {
        asio::steady_timer timer(io, for_ever);
        CHECK(!result_of(io, runtime::within(after(timer), 1ms)));
    }
    SUBCASE("exception") {
        CHECK_THROWS_WITH(result_of(io, runtime::within(failing(), 1h)), "broken");
    }
    SUBCASE("no value, limit") {
        asio::steady_timer timer(io, for_ever);
        CHECK(!result_of(io, runtime::within(pause(timer), 1ms)));
    }
    SUBCASE("no value, in time") {
        asio::steady_timer timer(io, 0s);
        CHECK(result_of(io, runtime::within(pause(timer), 1h)));
    }
}

TEST_CASE("runtime: a task group names, counts, reports failures and waits for all") {
    asio::io_context io;
    std::vector<std::string> told;
    runtime::task_group tasks(io.get_executor(),
                              [&](std::string_view task, std::string_view error) {
                                  told.push_back(std::string(task) + ": " + std::string(error));
                              });
    const auto fail = []() -> asio::awaitable<void> {
        throw std::runtime_error("broken");
        co_return;
    };
    asio::steady_timer timer(io, for_ever);
    tasks.spawn("one", fail());
    tasks.spawn("two", pause(timer));
    CHECK(tasks.size() == 2);
    CHECK(tasks.names() == std::vector<std::string>{"one", "two"});

    bool waited = false;
    asio::co_spawn(io, tasks.wait(), [&](const std::exception_ptr&) { waited = true; });
    io.poll();
    CHECK(told == std::vector<std::string>{"one: broken"});
    CHECK(tasks.names() == std::vector<std::string>{"two"});
    CHECK(!waited);
    tasks.cancel(asio::cancellation_type::terminal);
    io.restart();
    io.run();
    CHECK(waited);
    CHECK(told.size() == 1); // being cancelled is no failure
}

TEST_CASE("runtime: backoff doubles its limit up to the most, and begins anew after success") {
    constexpr std::uint32_t highest = UINT32_MAX;
    sdk::backoff pause(1s, 60s);
    for (const auto limit : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
        const auto p = pause.next(highest);
        CHECK(p <= limit);
        CHECK(p > limit - 1ms);
    }
    CHECK(pause.next(0) == 0s);
    pause.reset();
    CHECK(pause.next(highest) <= 1s);
}

} // namespace runtime_test

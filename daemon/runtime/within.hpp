// A time limit for a coroutine. Not `op || timer`: that waits for the first success, so an
// operation that throws is reported as a timeout, after the full delay.
//
// Only for operations that stay on the caller's executor: cancelling across executors is a data
// race. Returns after the loser has finished, so an operation that cannot be cancelled (name
// resolution) delays it.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace posthorn::runtime {

// The value of `op`, or nothing when `limit` passed first. What `op` throws is thrown. T must be
// default-constructible.
template <class T>
boost::asio::awaitable<std::optional<T>> within(boost::asio::awaitable<T> op,
                                                std::chrono::microseconds limit) {
    namespace asio = boost::asio;
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, limit);
    auto group = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, std::move(op), asio::deferred), timer.async_wait(asio::deferred));
    auto [order, error, value, timer_error] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (order[0] == 1)
        co_return std::nullopt;
    if (error)
        std::rethrow_exception(error);
    co_return std::move(value);
}

// For an operation without a value: whether it finished in time.
inline boost::asio::awaitable<bool> within(boost::asio::awaitable<void> op,
                                           std::chrono::microseconds limit) {
    namespace asio = boost::asio;
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, limit);
    auto group = asio::experimental::make_parallel_group(
        asio::co_spawn(executor, std::move(op), asio::deferred), timer.async_wait(asio::deferred));
    auto [order, error, timer_error] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    if (order[0] == 1)
        co_return false;
    if (error)
        std::rethrow_exception(error);
    co_return true;
}

} // namespace posthorn::runtime

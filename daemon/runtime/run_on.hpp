// Blocking work on another executor: the caller's coroutine goes on where it was, with the value or
// the exception. Cannot be cancelled: a cancellation that crosses executors is a data race, and in
// Asio 1.24 ends the process (chriskohlhoff/asio#1029). So the work must carry a limit of its own.
//
//     const auto rows = co_await run_on(pool, [&] { return reader.queue(); });
//
// Capture by reference only: GCC 12 destroys a lambda that owns something twice in such an
// expression.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <type_traits>
#include <utility>

namespace posthorn::runtime {

// The value must be default-constructible.
template <class Work, class Value = std::invoke_result_t<Work&>>
boost::asio::awaitable<Value> run_on(boost::asio::thread_pool& pool, Work work) {
    namespace asio = boost::asio;
    auto body = [work = std::move(work)]() mutable -> asio::awaitable<Value> { co_return work(); };
    // an empty slot: whoever cancels us does not reach the pool
    auto uncancelled = asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable);
    co_return co_await asio::co_spawn(pool, std::move(body), std::move(uncancelled));
}

} // namespace posthorn::runtime

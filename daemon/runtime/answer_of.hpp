// What a function gives to its callback, as something to await:
//
//     const auto n = co_await answer_of<retry_counts>([&](auto done) { retry(events, done); });
//
// `done` is copyable, and may be called from any thread, also before the function has returned: the
// coroutine goes on from its executor. It must be called once.
//
// Capture by reference only, as for run_on().
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <utility>

namespace posthorn::runtime {

template <class Value>
struct answer_signature {
    using type = void(Value);
};
template <>
struct answer_signature<void> {
    using type = void();
};

template <class Value, class Start>
boost::asio::awaitable<Value> answer_of(Start start) {
    namespace asio = boost::asio;
    const auto executor = co_await asio::this_coro::executor;
    auto begin = [&start, &executor](auto resume) {
        auto later = std::make_shared<decltype(resume)>(std::move(resume));
        start([later, executor](auto... given) {
            asio::post(executor, [later, ... given = std::move(given)]() mutable {
                (*later)(std::move(given)...);
            });
        });
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>,
                                            typename answer_signature<Value>::type>(
        std::move(begin), asio::use_awaitable);
}

} // namespace posthorn::runtime

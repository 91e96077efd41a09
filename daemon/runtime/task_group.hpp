// The only place where the daemon starts coroutines: each has a name, is counted, and is waited
// for.
//
//     task_group tasks(executor, [](std::string_view task, std::string_view error) { log ... });
//     tasks.spawn("lane acme", lane.run());
//     co_await tasks.wait();              // all have ended
//
// One thread: that of the executor. A group must outlive its tasks: wait() before destroying it
// (or let the io_context, and with it the tasks, go first).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::runtime {

class task_group {
public:
    // Hears of every exception out of a task, except for one that was cancelled.
    using failure_handler = std::function<void(std::string_view task, std::string_view error)>;

    task_group(boost::asio::any_io_executor executor, failure_handler failed);
    task_group(const task_group&) = delete;
    task_group& operator=(const task_group&) = delete;

    // The coroutine's parameters must be values, or outlive it.
    void spawn(std::string name, boost::asio::awaitable<void> work);

    std::size_t size() const { return tasks_.size(); }
    // For the log line that says what a shutdown is waiting for.
    std::vector<std::string> names() const;

    // Asks all tasks to stop: `total` to finish what is in hand, `terminal` to leave at once.
    void cancel(boost::asio::cancellation_type kind);

    // Until no task is left, those spawned meanwhile included.
    boost::asio::awaitable<void> wait();

private:
    struct task {
        std::string name;
        boost::asio::cancellation_signal stop;
    };
    using place = std::list<std::shared_ptr<task>>::iterator;

    void ended(place which, const std::exception_ptr& error);

    boost::asio::any_io_executor executor_;
    failure_handler failed_;
    std::list<std::shared_ptr<task>> tasks_;
    boost::asio::steady_timer idle_;
};

} // namespace posthorn::runtime

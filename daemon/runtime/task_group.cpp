#include "runtime/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace posthorn::runtime {

namespace asio = boost::asio;

task_group::task_group(asio::any_io_executor executor, failure_handler failed)
    : executor_(executor), failed_(std::move(failed)),
      idle_(executor, asio::steady_timer::time_point::max()) {}

void task_group::spawn(std::string name, asio::awaitable<void> work) {
    auto entry = std::make_shared<task>();
    entry->name = std::move(name);
    tasks_.push_back(entry);
    const auto which = std::prev(tasks_.end());
    // The handler holds the entry: the signal must live until the coroutine has gone.
    asio::co_spawn(executor_, std::move(work),
                   asio::bind_cancellation_slot(
                       entry->stop.slot(), [this, which, entry](const std::exception_ptr& error) {
                           ended(which, error);
                       }));
}

std::vector<std::string> task_group::names() const {
    std::vector<std::string> all;
    for (const auto& entry : tasks_)
        all.push_back(entry->name);
    return all;
}

void task_group::cancel(asio::cancellation_type kind) {
    const auto all = tasks_; // a task may end, and leave the list, while it is being asked
    for (const auto& entry : all)
        entry->stop.emit(kind);
}

asio::awaitable<void> task_group::wait() {
    while (!tasks_.empty())
        co_await idle_.async_wait(asio::as_tuple(asio::use_awaitable)); // never rings: ended() does
}

void task_group::ended(place which, const std::exception_ptr& error) {
    const auto name = std::move((*which)->name);
    tasks_.erase(which);
    if (tasks_.empty())
        idle_.cancel();
    if (!error)
        return;
    try {
        std::rethrow_exception(error);
    } catch (const boost::system::system_error& e) {
        if (e.code() != asio::error::operation_aborted)
            failed_(name, e.what());
    } catch (const std::exception& e) {
        failed_(name, e.what());
    } catch (...) {
        failed_(name, "an exception of an unknown type");
    }
}

} // namespace posthorn::runtime

// A thread for what blocks: answers one question after the other. The last member of a handler, so
// that it ends first.
#pragma once

#include "sdk/handler.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

namespace posthorn::sdk {

class worker {
public:
    worker() : thread_([this] { run(); }) {}
    ~worker() { // waits for the work in hand; what has not begun is not answered
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        came_.notify_one();
        thread_.join();
    }
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    // What `work` throws is told as `down`.
    void answer(handler_reply reply, std::function<handler_answer()> work) {
        {
            const std::lock_guard lock(mutex_);
            queue_.emplace_back(std::move(reply), std::move(work));
        }
        came_.notify_one();
    }

private:
    void run() {
        std::unique_lock lock(mutex_);
        while (true) {
            came_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
            if (stopping_)
                return;
            auto [reply, work] = std::move(queue_.front());
            queue_.pop_front();
            lock.unlock();
            reply(outcome_of(work));
            lock.lock();
        }
    }
    static handler_answer outcome_of(const std::function<handler_answer()>& work) {
        try {
            return work();
        } catch (const std::exception& e) {
            return handler_answer::down(e.what());
        } catch (...) {
            return handler_answer::down("an exception that says nothing");
        }
    }

    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<std::pair<handler_reply, std::function<handler_answer()>>> queue_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace posthorn::sdk

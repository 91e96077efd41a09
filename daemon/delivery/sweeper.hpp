// Goes through what waits in the store, a few hundred messages at a time, so that nobody else waits
// for it: cancels what is stopped, puts back what was set aside and is not paused any more, closes
// what expired there. On the loop's thread; reads on a thread of its own.
#pragma once

#include "delivery/desk.hpp"
#include "store/reader.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <vector>

namespace posthorn::delivery {

class sweeper {
public:
    sweeper(desk& owner, std::filesystem::path live, std::filesystem::path history,
            boost::asio::any_io_executor executor);

    boost::asio::awaitable<void> run(); // until stop()
    void stop();
    std::int64_t cancelled() const { return cancelled_ + desk_.cancelled_in_hand(); } // by stops
    // Something was paused, stopped or resumed. `done`: all that waited has been gone through; how
    // many were cancelled since there were `cancelled_before`.
    void look(std::int64_t cancelled_before = 0,
              std::function<void(std::int64_t cancelled)> done = {});
    // The rules of policy have changed: what they put off may have to wait for another time.
    void look_at_policy() {
        policy_changed_ = true;
        nap_.cancel();
    }

private:
    struct request {
        std::function<void(std::int64_t)> done;
        std::int64_t cancelled_before = 0;
    };

    boost::asio::awaitable<void> go_through_all(bool changed);
    boost::asio::awaitable<void> cancel_queued();
    boost::asio::awaitable<void> go_through_set_aside(bool changed);
    boost::asio::awaitable<void> go_through_put_off();
    boost::asio::awaitable<void> recall_submitted();
    boost::asio::awaitable<void> recall(std::vector<store::submitted_part> parts);
    boost::asio::awaitable<void> commit(std::vector<store::op> ops);
    void decide_aside(const message& m, std::vector<store::op>& ops);
    void answer(std::vector<request>& requests);

    desk& desk_;
    store::reader reader_;
    boost::asio::thread_pool pool_{1};
    boost::asio::steady_timer nap_;
    bool changed_ = true;        // at start: what the last process left
    bool policy_changed_ = true; // likewise
    bool stopping_ = false;
    std::int64_t cancelled_ = 0;
    std::vector<request> requests_;
};

} // namespace posthorn::delivery

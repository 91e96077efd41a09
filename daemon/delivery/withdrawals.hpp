// Goes through what later events of a subject have made needless, or people took back: what waits is closed, for what a
// carrier has it is asked, and who has been told is written down for a follow-up.
//
//   payment.received ─committed─► withdrawal ─► its messages, some hundred at a time ─► closed, told
//
// Until nothing of them is under way. On the loop's thread; reads on a thread of its own.
#pragma once

#include "delivery/desk.hpp"
#include "store/withdrawals.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <set>
#include <string>

namespace posthorn::delivery {

class withdrawals {
public:
    // `only_told`: whether events of this type are for those only who were told.
    withdrawals(desk& owner, std::filesystem::path live, boost::asio::any_io_executor executor,
                std::function<bool(const std::string& type)> only_told);

    boost::asio::awaitable<void> run(); // until stop()
    void stop();
    void soon(); // there may be more of them

private:
    boost::asio::awaitable<bool> round();
    boost::asio::awaitable<void> step(const store::open_withdrawal& w);
    boost::asio::awaitable<bool> go_through(const store::open_withdrawal& w);
    boost::asio::awaitable<void> commit(store::op what);
    boost::asio::awaitable<void> recall(const store::open_withdrawal& w, posthorn::id message);

    desk& desk_;
    std::function<bool(const std::string&)> only_told_;
    boost::asio::thread_pool pool_{1};
    store::withdrawal_reader withdrawals_;
    store::reader messages_;
    boost::asio::steady_timer nap_;
    std::set<posthorn::id> asked_; // messages whose carrier was asked to take them back
    bool wanted_ = true;           // at start: what the last process left
    bool stopping_ = false;
};

} // namespace posthorn::delivery

// What the service manager hears of us: that we are ready, alive, what `posthorn status` says in its
// first line, and that we stop.
//
// Alive is who gets something done: the loop turns (or nobody would tell), and the store's writer
// began another commit since the last beat; where there is nothing to commit, one without content.
// A writer that cannot write but tries (a full disk) is alive: another process could do no better.
#pragma once

#include "runtime/service_manager.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <string>

namespace posthorn::gateway {

class heartbeat {
public:
    // `verdict`: what is wrong now, as one line.
    heartbeat(boost::asio::any_io_executor loop, store::store& store,
              std::function<boost::asio::awaitable<std::string>()> verdict);

    // Both until stopping(); to be spawned when everything has been started.
    boost::asio::awaitable<void> beat();
    boost::asio::awaitable<void> tell_verdict();

    void reloading() { manager_.reloading(); }
    void reloaded() { manager_.ready(); }
    void stopping(duration at_most);

private:
    bool worked();
    boost::asio::awaitable<void> rest(boost::asio::steady_timer& timer, duration pause);

    store::store& store_;
    std::function<boost::asio::awaitable<std::string>()> verdict_;
    runtime::service_manager manager_;
    boost::asio::steady_timer beat_, verdict_timer_;
    std::int64_t commits_begun_ = -1; // at the last beat
    bool asked_ = false;              // a commit without content is on its way
    bool stopping_ = false;
};

} // namespace posthorn::gateway

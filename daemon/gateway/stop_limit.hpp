// Stopping ends in any case: when it takes too long, or a second signal says that somebody will not
// wait, `leave` is told why and is expected to end the process. What the process still had in hand
// is then as after `kill -9`: the next start recovers it.
#pragma once

#include "model/time.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <string>

namespace posthorn::gateway {

class stop_limit {
public:
    // From now on, on the thread of `loop`.
    stop_limit(boost::asio::any_io_executor loop, duration limit,
               std::function<void(const std::string& why)> leave);
    ~stop_limit(); // stopped in time
    stop_limit(const stop_limit&) = delete;
    stop_limit& operator=(const stop_limit&) = delete;

private:
    boost::asio::steady_timer timer_;
    boost::asio::signal_set signals_;
};

} // namespace posthorn::gateway

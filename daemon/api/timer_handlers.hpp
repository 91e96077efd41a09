// What timers make later:
//
//     GET  /v1/timers?source=&subject=&timer=&limit=     the next steps
//     POST /v1/timers/{id}/cancel {"reason"}             this step is not made
//     POST /v1/timers/cancel {"timer", "reason"}         none of those of a timer that wait
//
// 404: the step does not wait.
#pragma once

#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class timer_handlers {
public:
    // `pool`: the only one to use the readers.
    timer_handlers(boost::asio::thread_pool& pool, const surroundings& around)
        : pool_(pool), around_(around) {}

    std::vector<route> table();

private:
    boost::asio::awaitable<answer> list(request asked);
    boost::asio::awaitable<answer> cancel(request asked);
    boost::asio::awaitable<answer> cancel_all(request asked);
    boost::asio::awaitable<bool> commit(store::cancel_steps what, store::operation by);

    boost::asio::thread_pool& pool_;
    const surroundings& around_;
};

} // namespace posthorn::api

// What the parts cost that carriers have accepted, and how far budgets are used now.
//
//     GET /v1/cost?day=2026-11-27 | month=2026-11 [&by=account|source|type]      today; all together
//     POST /v1/cost/estimate {type, texts: [{number, text}]}    what up to 500 would cost, as routes say now
#pragma once

#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class cost_handlers {
public:
    // `pool`: the only one to use the reader.
    cost_handlers(boost::asio::thread_pool& pool, const surroundings& around)
        : pool_(pool), around_(around) {}

    std::vector<route> table(); // bound to this

private:
    boost::asio::awaitable<answer> cost(request asked);
    boost::asio::awaitable<answer> estimate(request asked);

    boost::asio::thread_pool& pool_;
    const surroundings& around_;
};

} // namespace posthorn::api

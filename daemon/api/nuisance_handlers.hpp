// Numbers that bother: what they text is not answered for a time.
//
//     GET  /v1/nuisances?limit=&after=                   in order of the numbers
//     POST /v1/nuisances/{number} {"do": "add", "for": "7d", "reason": "..."}
//     POST /v1/nuisances/{number} {"do": "remove", "reason": "..."}
#pragma once

#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class nuisance_handlers {
public:
    // `pool`: the only one to use the reader.
    nuisance_handlers(boost::asio::thread_pool& pool, const surroundings& around)
        : pool_(pool), around_(around) {}

    std::vector<route> table(); // bound to this

private:
    boost::asio::awaitable<answer> list(request asked);
    boost::asio::awaitable<answer> change(request asked);

    boost::asio::thread_pool& pool_;
    const surroundings& around_;
};

} // namespace posthorn::api

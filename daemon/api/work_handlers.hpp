// What crews work on, beside what they text themselves:
//
//     GET  /v1/work?area=&number=&limit=     what goes on, for people
//     POST /v1/work {"number", "place", "work", "begins_at", "ends_at"}     people and sources
//     POST /v1/work/{id}/end
//
// The number is that of a phone of the staff; the area is the phone's, and no other. 404: there is no such
// phone, or no such work that goes on.
#pragma once

#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class work_handlers {
public:
    // `pool`: the only one to use the readers.
    work_handlers(boost::asio::thread_pool& pool, const surroundings& around)
        : pool_(pool), around_(around) {}

    std::vector<route> table(); // bound to this

private:
    boost::asio::awaitable<answer> list(request asked);
    boost::asio::awaitable<answer> add(request asked);
    boost::asio::awaitable<answer> end(request asked);

    boost::asio::thread_pool& pool_;
    const surroundings& around_;
};

} // namespace posthorn::api

// Changes of contact numbers that phones have made, and the word of who owns the account:
//
//     GET  /v1/contact-changes?state=&limit=&after=      a source: its own ones; the newest first
//     POST /v1/contact-changes/{id} {"agreed": true, "reason": "..."}
//
// Refused: the account is bound to the old number again. 409: it was settled before. Numbers are in full:
// the owner must know them.
#pragma once

#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class contact_handlers {
public:
    // `pool`: the only one to use the reader.
    contact_handlers(boost::asio::thread_pool& pool, const surroundings& around)
        : pool_(pool), around_(around) {}

    std::vector<route> table(); // bound to this

private:
    boost::asio::awaitable<answer> list(request asked);
    boost::asio::awaitable<answer> settle(request asked);

    boost::asio::thread_pool& pool_;
    const surroundings& around_;
};

} // namespace posthorn::api

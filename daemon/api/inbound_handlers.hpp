// Texts from phones, for people on the Unix socket only:
//
//     GET  /v1/inbound?number=&outcome=&since=&limit=&after=   the newest first
//     POST /v1/inbound/{id}/done {"reason": "..."}             a person has looked at one that failed
//
// Here and to who serves a customer a text from a phone is shown, with its number in full: who looks
// after one that failed must call back.
#pragma once

#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class inbound_handlers {
public:
    // `pool`: the only one to use the reader.
    inbound_handlers(boost::asio::thread_pool& pool, const surroundings& around)
        : pool_(pool), around_(around) {}

    std::vector<route> table(); // bound to this

private:
    boost::asio::awaitable<answer> list(request asked);
    boost::asio::awaitable<answer> done(request asked);

    boost::asio::thread_pool& pool_;
    const surroundings& around_;
};

} // namespace posthorn::api

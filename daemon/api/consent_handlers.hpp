// What a number has opted out of, every word that was said about it, and a person's word:
//
//     GET /v1/consent/{number}     POST /v1/consent/{number} {"what": "out", "category": "billing", ...}
//
// 400: no number, or nothing one can opt out of; 409: it would change nothing.
#pragma once

#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class consent_handlers {
public:
    // `pool`: the only one to use the reader.
    consent_handlers(store::reader& reader, boost::asio::thread_pool& pool,
                     const surroundings& around)
        : reader_(reader), pool_(pool), around_(around) {}

    std::vector<route> table(); // bound to this

private:
    boost::asio::awaitable<answer> show(request asked);
    boost::asio::awaitable<answer> set(request asked);

    store::reader& reader_;
    boost::asio::thread_pool& pool_;
    const surroundings& around_;
};

} // namespace posthorn::api

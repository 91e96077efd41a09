// What people do about phone numbers and customer accounts, on the Unix socket only:
//
//     GET  /v1/people/{number or account}
//     POST /v1/people/{number}/bind     {"account", "reason", "new": "yes" when nobody knows it yet}
//     POST /v1/people/{number}/unbind   {"account", "reason"}
//     POST /v1/people/{number}/pin      {"pin", "reason"}; without a pin: it has none any more
//     POST /v1/people/{account}/code    {"reason"}: the answer shows the code, this once
//     POST /v1/people/import            {"rows": [{"number", "account", "name", ...}], "reason",
//                                        "file", "continues": true for all but the first batch}
//
// Numbers are shown in full here, and masked in the logs.
#pragma once

#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class people_handlers {
public:
    // `pool`: the only one to use the reader; hashes are made there too.
    people_handlers(boost::asio::thread_pool& pool, const surroundings& around)
        : pool_(pool), around_(around) {}

    std::vector<route> table(); // bound to this

private:
    boost::asio::awaitable<answer> show(request asked);
    boost::asio::awaitable<answer> bind(request asked);
    boost::asio::awaitable<answer> unbind(request asked);
    boost::asio::awaitable<answer> pin(request asked);
    boost::asio::awaitable<answer> code(request asked);
    boost::asio::awaitable<answer> import(request asked);

    // Committed with the record of who did it, when that says what.
    boost::asio::awaitable<std::vector<store::outcome>> commit(std::vector<store::op> ops,
                                                               store::operation by);

    boost::asio::thread_pool& pool_;
    const surroundings& around_;
};

} // namespace posthorn::api

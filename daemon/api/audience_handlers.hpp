// Whom events for many may concern, on the Unix socket only:
//
//     GET  /v1/areas?limit=&after=
//     POST /v1/areas    {"rows": [{"area", "parent", "name"}], "reason", "file",
//                        "continues": true for all but the first batch}
//     GET  /v1/groups?limit=&after=
//     POST /v1/groups/{name}  {"do": "set", "tier", "area", "language", "role", "reason"}
//                             {"do": "add" or "remove", "number" or "account", "reason"}
//                             {"do": "drop", "reason"}
#pragma once

#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class audience_handlers {
public:
    // `pool`: the only one to use the reader.
    audience_handlers(boost::asio::thread_pool& pool, const surroundings& around)
        : pool_(pool), around_(around) {}

    std::vector<route> table(); // bound to this

private:
    boost::asio::awaitable<answer> areas(request asked);
    boost::asio::awaitable<answer> import(request asked);
    boost::asio::awaitable<answer> groups(request asked);
    boost::asio::awaitable<answer> change(request asked);
    template <class Read, class Shape, class Name>
    boost::asio::awaitable<answer> page(request asked, const char* what, Read read, Shape shape,
                                        Name name);
    boost::asio::awaitable<std::vector<store::outcome>> commit(std::vector<store::op> ops);

    boost::asio::thread_pool& pool_;
    const surroundings& around_;
};

} // namespace posthorn::api

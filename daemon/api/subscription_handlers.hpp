// Topics, and who has subscribed to them:
//
//     GET  /v1/topics                    how many have
//     GET  /v1/subscriptions?topic=NAME  who, in pages
//     GET  /v1/subscriptions/{number}    to what, and how that came
//     POST /v1/subscriptions/{number}    {"do": "add", "topic": "OUTAGES", "parameter": "East",
//                                         "reason": "..."}; also remove, pause, resume, hours
//
// 400: no number, no topic; 403: the topic is not for that number; 409: it would change nothing.
#pragma once

#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class subscription_handlers {
public:
    // `pool`: the only one to use the readers.
    subscription_handlers(boost::asio::thread_pool& pool, const surroundings& around)
        : pool_(pool), around_(around) {}

    std::vector<route> table(); // bound to this

private:
    struct wish;

    boost::asio::awaitable<answer> topics(request asked);
    boost::asio::awaitable<answer> of_topic(request asked);
    boost::asio::awaitable<answer> of_number(request asked);
    boost::asio::awaitable<answer> change(request asked);
    boost::asio::awaitable<answer> add(const wish& w, request asked);
    boost::asio::awaitable<answer> change_those(const wish& w, request asked);
    boost::asio::awaitable<answer> commit(const wish& w, request asked, std::vector<store::op> ops,
                                          std::vector<subscription> which, std::string fee);

    boost::asio::thread_pool& pool_;
    const surroundings& around_;
};

} // namespace posthorn::api

// For those who watch over the daemon: supervisors, load balancers, Prometheus.
//
//   /livez    the loop answers and the store has answered lately: else start it again. Whatever a
//             carrier does has no say here.
//   /readyz   events are taken in and may be sent
//   /metrics  figures
//   /openapi.yaml  what the network may ask
#pragma once

#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class health_handlers {
public:
    // `pool` has one thread, and is the only one to use `reader`.
    health_handlers(store::reader& reader, boost::asio::thread_pool& pool,
                    const surroundings& around, const http_figures& http)
        : reader_(reader), pool_(pool), around_(around), http_(http) {}

    std::vector<route> table(); // bound to this

private:
    boost::asio::awaitable<answer> livez(request asked);
    boost::asio::awaitable<answer> readyz(request asked);
    boost::asio::awaitable<answer> metrics(request asked);
    boost::asio::awaitable<answer> openapi(request asked);

    store::reader& reader_;
    boost::asio::thread_pool& pool_;
    const surroundings& around_;
    const http_figures& http_;
};

} // namespace posthorn::api

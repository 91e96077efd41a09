// Whether everything is accounted for:
//
//     GET /v1/reconcile?day=2026-11-27&run=&deep=yes
//
// From the books, at once; `deep`, and a run, by counting rows, on a thread of its own.
#pragma once

#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

#include <stop_token>

namespace posthorn::api {

class ledger_handlers {
public:
    explicit ledger_handlers(const surroundings& around) : around_(around) {}

    std::vector<route> table(); // bound to this
    void stop() { end_.request_stop(); }

private:
    boost::asio::awaitable<answer> reconcile(request asked);

    const surroundings& around_;
    std::stop_source end_;
    boost::asio::thread_pool counting_{1};
};

} // namespace posthorn::api

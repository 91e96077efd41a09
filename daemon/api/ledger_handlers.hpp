// What happened, why, and whether everything is accounted for:
//
//     GET /v1/explain?what=&source=
//     GET /v1/types/{type}/versions                      what its texts ever said, the newest first
//     GET /v1/reconcile?day=2026-11-27&run=&deep=yes
//
// Reconciled from the books, at once; `deep`, and a run, by counting rows, on a thread of its own.
#pragma once

#include "api/explained.hpp"
#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

#include <stop_token>

namespace posthorn::api {

class ledger_handlers {
public:
    ledger_handlers(store::reader& r, boost::asio::thread_pool& pool, const surroundings& around)
        : reader_(r), pool_(pool), around_(around) {}

    std::vector<route> table(); // bound to this
    void stop() { end_.request_stop(); }

private:
    struct explain_wish {
        std::string what, source;
        std::filesystem::path results;
        instant now{};
        std::string number{}; // E.164 without '+', when `what` may be one
    };
    boost::asio::awaitable<answer> reconcile(request asked);
    boost::asio::awaitable<answer> explain(request asked);
    boost::asio::awaitable<answer> versions(request asked);
    struct read_story {
        store::event_story story;
        ledger::known_beside beside;
    };
    struct read_all {
        std::vector<read_story> stories;
        explained beside; // the number, where it is one
    };
    read_all read(const explain_wish& wish); // on the pool's thread

    store::reader& reader_;
    boost::asio::thread_pool& pool_; // for the reader and the search
    const surroundings& around_;
    std::stop_source end_;
    boost::asio::thread_pool counting_{1};
};

} // namespace posthorn::api

// What business systems do over HTTP: hand in events, see what became of them, take them back. Each
// with a token of its own, and nothing of another's. An event is answered once it is committed; the
// same key and content again is the same event, however it came.
#pragma once

#include "api/cancel_handlers.hpp"
#include "api/router.hpp"
#include "api/surroundings.hpp"

#include <boost/asio/thread_pool.hpp>

namespace posthorn::api {

class event_handlers {
public:
    event_handlers(store::reader& reader, const surroundings& around)
        : reader_(reader), around_(around) {}

    std::vector<route> table();         // bound to this
    void stop() { cancelling_.stop(); } // long requests end early

private:
    boost::asio::awaitable<answer> post(request asked);
    boost::asio::awaitable<answer> post_one(request asked, const boost::json::value& body);
    boost::asio::awaitable<answer> post_batch(request asked, const boost::json::value& body);
    boost::asio::awaitable<intake_answer> take(std::string source, std::vector<event> events);
    boost::asio::awaitable<answer> event_of_key(request asked);
    boost::asio::awaitable<answer> message(request asked);

    store::reader& reader_;
    const surroundings& around_;
    boost::asio::thread_pool pool_{1};
    cancelling cancelling_{reader_, pool_, around_};
    cancel_handlers cancels_{reader_, pool_, around_, cancelling_, sources};
};

} // namespace posthorn::api

// Takes one message back: what still waits is not sent, and for what has left its carrier is asked.
// The people's order and the sources' are the same.
#pragma once

#include "api/surroundings.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace posthorn::api {

struct cancel_outcome {
    sdk::cancellation::kind what = sdk::cancellation::kind::unknown;
    std::string why; // empty: nothing to add
    posthorn::id message = 0;
    std::optional<message_state> state; // after it; nothing: no such message
};

class cancelling {
public:
    // `pool`: the only one to use the reader.
    cancelling(store::reader& reader, boost::asio::thread_pool& pool, const surroundings& around)
        : reader_(reader), pool_(pool), around_(around) {}

    // Of one that was `before`; `by` is recorded in the commit of the change, and its reason told
    // with the message. Waits some seconds for a carrier that is being asked.
    boost::asio::awaitable<cancel_outcome> take_back(store::message_story before,
                                                     store::operation by);
    void stop() { stopping_ = true; } // waits no more

private:
    boost::asio::awaitable<std::optional<store::message_story>> again(posthorn::id message);
    boost::asio::awaitable<void> wait_until_settled(posthorn::id message);

    store::reader& reader_;
    boost::asio::thread_pool& pool_;
    const surroundings& around_;
    bool stopping_ = false;
};

// What a person is told who would cancel a parked event.
inline constexpr const char* parked_is_not_sent =
    "it is parked: nothing of it is sent unless somebody mends it and `posthorn retry`";

const store::message_story* message_in(const store::event_story& event, posthorn::id message);

// "cancelled", "too late", "carrier cannot", "unknown"
std::string_view cancel_name(sdk::cancellation::kind what);
// {"result": …, "why": …, "message": …, "state": …}
boost::json::object cancel_shape(const cancel_outcome& outcome);

} // namespace posthorn::api

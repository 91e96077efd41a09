// Takes a message back, or all of an event for many: what still waits is not sent, and for what has left
// its carrier is asked. The people's order and the sources' are the same.
#pragma once

#include "api/surroundings.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace posthorn::api {

struct cancel_outcome {
    sdk::cancellation::kind what = sdk::cancellation::kind::unknown;
    std::string why; // empty: nothing to add
    posthorn::id message = 0;
    std::optional<message_state> state; // after it; nothing: no such message
    posthorn::id event = 0;             // for many: that, and its messages by state
    std::map<message_state, std::int64_t> messages{};
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
    // The same of all messages of an event for many, or for a topic.
    boost::asio::awaitable<cancel_outcome> take_back_all(store::event_story before,
                                                         store::operation by);
    void stop() { // waits no more
        stopping_ = true;
        end_counting_.request_stop();
    }

private:
    boost::asio::awaitable<std::optional<store::message_story>> again(posthorn::id message);
    boost::asio::awaitable<void> wait_until_settled(posthorn::id message);
    boost::asio::awaitable<bool> is_over(posthorn::id event);
    boost::asio::awaitable<std::optional<store::event_story>> again_all(posthorn::id event);
    boost::asio::awaitable<std::map<message_state, std::int64_t>>
    messages_of(const store::event_story& story);

    store::reader& reader_;
    boost::asio::thread_pool& pool_;
    const surroundings& around_;
    boost::asio::thread_pool counting_{1}; // goes through many rows
    std::stop_source end_counting_;
    bool stopping_ = false;
};

// What a person is told who would cancel a parked event.
inline constexpr const char* parked_is_not_sent =
    "it is parked: nothing of it is sent unless somebody mends it and `posthorn retry`";

// It is for many, or for a topic, and `number` is not that of one of its messages.
bool means_many(const store::event_story& event, posthorn::id number);
const store::message_story* message_in(const store::event_story& event, posthorn::id message);

// "cancelled", "too late", "carrier cannot", "unknown"
std::string_view cancel_name(sdk::cancellation::kind what);
// {"result": …, "why": …, "message": …, "state": …}
boost::json::object cancel_shape(const cancel_outcome& outcome);

} // namespace posthorn::api

// What a source, or a person, does to take a message back, by its own name or by its event's:
//
//     POST /v1/messages/{id}/cancel     POST /v1/events/{source}/{key}/cancel
//
// An event for many, or for a topic: all its messages. A source reaches nothing of another's. 200: cancelled; 202: its carrier has not said whether;
// 409: it goes its way; 404: no such message.
#pragma once

#include "api/cancelling.hpp"
#include "api/router.hpp"
#include "model/refusal.hpp"

namespace posthorn::api {

class cancel_handlers {
public:
    // `pool`: the only one to use the reader.
    cancel_handlers(store::reader& reader, boost::asio::thread_pool& pool,
                    const surroundings& around, cancelling& cancels, audience whom)
        : reader_(reader), pool_(pool), around_(around), cancelling_(cancels), whom_(whom) {}

    std::vector<route> table(); // bound to this

private:
    boost::asio::awaitable<answer> event(request asked);
    boost::asio::awaitable<answer> message(request asked);
    boost::asio::awaitable<answer> take_back(request asked, store::message_story which);
    boost::asio::awaitable<answer> take_back_all(request asked, store::event_story which);
    result<store::operation> deed_on(const request& asked, std::string which) const;

    store::reader& reader_;
    boost::asio::thread_pool& pool_;
    const surroundings& around_;
    cancelling& cancelling_;
    audience whom_;
};

} // namespace posthorn::api

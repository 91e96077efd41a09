// Operations on subscriptions and on what topics publish. Each may be done twice: the second time it
// is stale.
#pragma once

#include "model/id.hpp"
#include "model/message.hpp"
#include "model/subscription.hpp"
#include "store/ops_people.hpp"

#include <string>

namespace posthorn::store {

// By whom a subscription is changed.
struct subscription_deed {
    binding_way how = binding_way::text;
    std::string who;          // the user, or the name of a token; empty: the phone itself
    posthorn::id inbound = 0; // the text that said so
    std::string reason;       // in a person's words
    instant at{};
};

// A new one, or what it is from now on; the log tells which. Stale when it is so already.
struct put_subscription {
    posthorn::subscription subscription;
    subscription_deed by;
};

// Stale when there is none.
struct drop_subscription {
    std::string topic, number, parameter;
    bool expired = false; // its time was over
    subscription_deed by;
};

// An item of a topic, to be sent to all who have subscribed by now; the outcome's `event` is its id.
// Stale, with the id of the earlier one, when this item of the topic was published before; that comes of
// both events then.
struct add_publication {
    struct origin { // the event it comes of
        name_id source = 0;
        std::string subject, what; // its type and key
        instant happened_at{};
    };
    std::string topic;
    std::string item;      // names it for ever within the topic
    std::string parameter; // of the subscriptions it is for; "": of all
    std::string data;      // JSON object of the topic's fields, with `rows` where it has rows
    instant not_before{}, expires_at{}; // of its messages; 0: not said
    posthorn::id event = 0; // it comes of, which is told to its source; 0: of the one it goes along
                            // with, or of a schedule
    origin of = {};
    instant at{};
};

// How far it has gone: through this subscriber. Goes along with the events made so far.
struct advance_publication {
    posthorn::id publication = 0;
    std::string through_number, through_parameter;
    std::int64_t made = 0; // events, in addition to those before
    bool done = false;
    std::string reason = {}; // done before all were served: why
    instant at{};
};

// A schedule's newest occurrence that has been taken care of. Never goes back.
struct note_occurrence {
    std::string topic;
    instant occurrence{};
};

} // namespace posthorn::store

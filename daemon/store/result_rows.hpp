// What a source is told, as rows of its result file (store/schema/result.sql).
#pragma once

#include "model/message.hpp"

#include <string>
#include <string_view>

namespace posthorn::store {

struct result_row {
    std::int64_t outbox_id = 0;
    std::string key, type, run;
    posthorn::id event = 0;
    std::int64_t version = 0; // combined_version()
    std::string_view state;   // a name of message_state, or "parked", "published", `expanding`
    bool is_final = false;
    std::string reason;
    std::string recipient;
    int parts = 0;
    int repeats = 0;
    instant received_at{}, submitted_at{}, final_at{};
};

// Rises with every change of the event (parked, released) and of its message.
constexpr std::int64_t combined_version(std::int64_t event, std::int64_t message) {
    return (event << 20) + message;
}

// A message of an event for many; what they come to is the result of the event.
struct recipient_row {
    posthorn::id message = 0;
    result_row row; // of the event, with the message's state, reason, recipient, parts and times
};

// How far the event itself has come: its row has the words of the event, and its reason.
struct expansion_row {
    result_row row;
    std::int64_t made = 0; // messages
    bool done = false;     // no more will be made
};

struct refused_row {
    posthorn::id id = 0;
    std::int64_t outbox_id = 0;
    std::string key, type, what, reason;
    instant at{};
};

// What a phone texted and is the source's own matter.
struct inbox_row {
    posthorn::id id = 0;
    std::string kind, number, recipient, text;
    std::string data; // JSON object
    instant received_at{};
};

} // namespace posthorn::store

// What a source is told about a message, and what clearing it away needs to know; read from a row of
// the message and its event.
#pragma once

#include "model/state.hpp"
#include "store/results.hpp"
#include "store/sqlite/connection.hpp"

namespace posthorn::store {

struct told_message {
    name_id source = 0;
    name_id type = 0;
    posthorn::id message = 0;
    posthorn::id event = 0;
    std::int64_t version = 0; // of the message
    bool is_final = false;
    instant final_at{};
    bool long_text = false; // may have rows in part, attempt, decision or letter
    bool late = false;      // final without a final receipt: one may still come
    bool of_many = false;   // its event was for many
    message_state state = message_state::queued;
    result_row row;
};

// All columns of a message and its event, as they stand in schema/001_live.sql
// and what later ones added to it.
// SELECT ... by the message's id, and whether its event was for many, as `live` knows.
std::string message_with_event(std::string_view schema, std::string_view live);
inline constexpr int message_row_first = 0, message_row_width = 29;
inline constexpr int event_row_first = 29, event_row_width = 18;
told_message read_told(statement& message_with_event);

// What a long message's row does not have.
std::string told_parts_of(std::string_view schema);
void read_parts(statement& parts, told_message& into);

} // namespace posthorn::store

// What is counted by when its event or message was made, in the commit of the change. An id says when
// that was: whatever happens to a message later is counted in the same quarter of an hour, so that
// each of them balances for itself.
//
//   events      taken in = parked + for one + for many + for a topic
//   messages    first + of many + again = those in each state
//   parts       handed = put back + deferred + rejected + sent again + accepted + those being sent,
//               uncertain, unresolved;   accepted = those in each state behind it
//
// Of an account are the parts of messages that it has now.
#pragma once

#include "model/id.hpp"
#include "model/message.hpp"

#include <cstdint>
#include <map>
#include <utility>

namespace posthorn::store {

// Stored by number.
enum class booked : std::uint8_t {
    event = 1, // taken in
    parked,    // now
    for_one,   // has a message of its own
    for_many,
    for_topic,
    first = 10, // messages: of an event for one
    of_many,    // one of those of an event for many
    again,      // made when a person had an event sent again
    message_states = 20,
    handed = 40, // parts: intents
    put_back,    // their bytes never left
    deferred,    // the carrier asked to try later
    sent_again,  // no answer came, or no good receipt, and it was handed over once more
    accepted,
    part_states = 60, // of those handed over
};

constexpr booked in(message_state s) {
    return static_cast<booked>(static_cast<std::uint8_t>(booked::message_states) +
                               static_cast<std::uint8_t>(s));
}
constexpr booked in(part_state s) {
    return static_cast<booked>(static_cast<std::uint8_t>(booked::part_states) +
                               static_cast<std::uint8_t>(s));
}

// The carrier had it before it came to that state.
constexpr bool is_behind_accepted(part_state s) {
    return s == part_state::submitted || s == part_state::delivered ||
           s == part_state::undelivered || s == part_state::expired || s == part_state::cancelled ||
           s == part_state::unconfirmed;
}

using book_slot = std::int64_t;
inline constexpr std::int64_t slot_micros = 900'000'000;

constexpr book_slot slot_at(instant t) { return to_micros(t) / slot_micros; }
constexpr book_slot slot_of(posthorn::id i) { return slot_at(made_at(i)); }
constexpr instant start_of(book_slot s) { return from_micros(s * slot_micros); }

struct book_line {
    name_id account = 0;
    booked what = booked::event;
    auto operator<=>(const book_line&) const = default;
};
using book_page = std::map<book_line, std::int64_t>;

// Of one part that is told something. `counts`: as of tell_part.
template <class Add>
void book_step(part_state from, part_state to, bool counts, const Add& add) {
    if (from == to || from == part_state::queued)
        return; // nothing of it is with an account
    add(in(from), -1);
    if (to == part_state::queued)
        return add(counts ? booked::deferred : booked::put_back, 1);
    if (to == part_state::expired && !counts)
        return add(booked::put_back, 1); // its time was over before its bytes left
    add(in(to), 1);
    if (is_behind_accepted(to) && !is_behind_accepted(from))
        add(booked::accepted, 1);
}

} // namespace posthorn::store

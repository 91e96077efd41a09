// Which items of topics an event of a source is. Pure.
//
//   a type that feeds topics: an item of each, beside the event's own message
//   to_kind topic:            an item of that one alone, and no message
#pragma once

#include "model/event.hpp"
#include "model/refusal.hpp"
#include "store/ops_topics.hpp"
#include "topics/directory.hpp"

#include <vector>

namespace posthorn::publishing {

// An event to a topic is the item SOURCE:KEY. Of those that have a message of their own there may be
// many about one thing, an outage told to each customer: they are one item while they say the same,
// SOURCE:TYPE:HASH. Refused: it is for a topic, and why it cannot be published there.
result<std::vector<store::add_publication>> items_of(const event& e, const topics::directory& all,
                                                     instant now);

} // namespace posthorn::publishing

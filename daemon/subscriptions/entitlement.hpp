// Who may have what a topic publishes. Pure.
#pragma once

#include "store/people.hpp"
#include "topics/topic.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace posthorn::subscriptions {

// The person's own values of the topic's parameter, its own before those of its accounts, as
// parameter_key(); none where the topic has none or takes it from nobody.
std::vector<std::string> own_parameters(const topics::topic& of, const store::person& who);

// Why this person may not have the topic with this parameter, for an agent and the log; empty: it
// may. Asked again when an item is sent: people move.
std::string refusal_of(const topics::topic& of, const store::person& who,
                       std::string_view parameter);

// Whether there is any parameter with which it may: topics that are offered.
bool may_have(const topics::topic& of, const store::person& who);

} // namespace posthorn::subscriptions

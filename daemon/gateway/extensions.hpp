// Whose our numbers are: senders of accounts with the extensions of sources and questions, and
// `inbound.destinations`.
#pragma once

#include "answers/destinations.hpp"
#include "gateway/configuration.hpp"

namespace posthorn::gateway {

// Mistakes are told at their lines of posthorn.yaml, whose root this is. Accounts must be read.
answers::destinations read_destinations(const configuration& c, settings::reader root);

// Of one account: whether its sender may be followed by digits.
void check_sender(const account& a, settings::reader root);

} // namespace posthorn::gateway

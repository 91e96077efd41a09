// The daemon's rooms, wired together: drain → desk → lanes → carriers, store and teller beneath,
// API above.
//
//   threads: the loop (network, lanes, logic) · the store's writer · the drain's two · the teller ·
//   API reads
//
// Stop: take no more → finish what is in hand → the store closes last.
#pragma once

#include "gateway/configuration.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace posthorn::gateway {

using logger = std::function<void(sdk::level, std::string_view room, std::string_view what)>;

// Runs until SIGTERM or SIGINT. Throws std::runtime_error when it cannot start: what, where, what
// to do.
void run(configuration c, logger log);

} // namespace posthorn::gateway

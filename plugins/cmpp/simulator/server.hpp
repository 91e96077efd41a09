// The simulated gateway as a whole.
#pragma once

#include "cmpp/simulator/gateway.hpp"
#include "cmpp/simulator/session.hpp"
#include "sdk/simulator/server.hpp"

namespace posthorn::cmpp::simulator {

using server = posthorn::simulator::server_of<gateway, session>;

} // namespace posthorn::cmpp::simulator

// The simulated gateway as a whole.
#pragma once

#include "sdk/simulator/server.hpp"
#include "smgp/simulator/gateway.hpp"
#include "smgp/simulator/session.hpp"

namespace posthorn::smgp::simulator {

using server = posthorn::simulator::server_of<gateway, session>;

} // namespace posthorn::smgp::simulator

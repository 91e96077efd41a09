// `posthorn-sim http`: see provider.cpp for what it can be told.
#include "http/simulator/provider.hpp"

extern "C" int posthorn_simulator_http(int argc, char** argv) {
    namespace simulator = posthorn::http::simulator;
    return posthorn::simulator::run<simulator::server>("http",
                                                       simulator::read_command_line(argc, argv));
}

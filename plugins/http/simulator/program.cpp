// `posthorn-sim http`: see options.cpp for what it can be told.
#include "http/simulator/options.hpp"
#include "http/simulator/server.hpp"

extern "C" int posthorn_simulator_http(int argc, char** argv) {
    using namespace posthorn::http::simulator;
    return posthorn::simulator::run<server>("http", read_command_line(argc, argv));
}

// `posthorn-sim sgip`: see options.cpp for what it can be told.
#include "sgip/simulator/options.hpp"
#include "sgip/simulator/server.hpp"

extern "C" int posthorn_simulator_sgip(int argc, char** argv) {
    using namespace posthorn::sgip::simulator;
    return posthorn::simulator::run<server>("sgip", read_command_line(argc, argv));
}

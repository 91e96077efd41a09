// `posthorn-sim cmpp`: see options.cpp for what it can be told.
#include "cmpp/simulator/options.hpp"
#include "cmpp/simulator/server.hpp"

extern "C" int posthorn_simulator_cmpp(int argc, char** argv) {
    using namespace posthorn::cmpp::simulator;
    return posthorn::simulator::run<server>("cmpp", read_command_line(argc, argv));
}

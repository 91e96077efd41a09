// `posthorn-sim smgp`: see options.cpp for what it can be told.
#include "smgp/simulator/options.hpp"
#include "smgp/simulator/server.hpp"

extern "C" int posthorn_simulator_smgp(int argc, char** argv) {
    using namespace posthorn::smgp::simulator;
    return posthorn::simulator::run<server>("smgp", read_command_line(argc, argv));
}

// `posthorn-sim smgp`: see options.cpp for what it can be told.
#include "smgp/simulator/options.hpp"
#include "smgp/simulator/server.hpp"

extern "C" int posthorn_simulator_smgp(int argc, char** argv) {
    using namespace posthorn::smgp::simulator;
    const auto line = read_command_line(argc, argv);
    if (line.exit_code)
        return *line.exit_code;
    return run("smgp", line.chosen,
               [&](auto& io) { return std::make_unique<server>(io, line.chosen); });
}

// `posthorn-sim sgip`: see options.cpp for what it can be told.
#include "sgip/simulator/options.hpp"
#include "sgip/simulator/server.hpp"

extern "C" int posthorn_simulator_sgip(int argc, char** argv) {
    using namespace posthorn::sgip::simulator;
    const auto line = read_command_line(argc, argv);
    if (line.exit_code)
        return *line.exit_code;
    return run("sgip", line.chosen,
               [&](auto& io) { return std::make_unique<server>(io, line.chosen); });
}

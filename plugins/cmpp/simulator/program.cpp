// `posthorn-sim cmpp`: see options.cpp for what it can be told.
#include "cmpp/simulator/options.hpp"
#include "cmpp/simulator/server.hpp"

extern "C" int posthorn_simulator_cmpp(int argc, char** argv) {
    using namespace posthorn::cmpp::simulator;
    const auto line = read_command_line(argc, argv);
    if (line.exit_code)
        return *line.exit_code;
    return run("cmpp", line.chosen,
               [&](auto& io) { return std::make_unique<server>(io, line.chosen); });
}

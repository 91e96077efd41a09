// posthorn-sim: the carriers we test against, one for each plugin that has a simulator folder.
//
//     posthorn-sim PROTOCOL [options]
//
// The build lists them (simulators.inc); each defines posthorn_simulator_PROTOCOL(argc, argv),
// where argv[0] is the protocol's name.

#include <iostream>
#include <string_view>

#define SIMULATOR(protocol) extern "C" int posthorn_simulator_##protocol(int argc, char** argv);
#include "simulators.inc"
#undef SIMULATOR

namespace {

struct simulator {
    std::string_view protocol;
    int (*run)(int argc, char** argv);
};

constexpr simulator simulators[] = {
#define SIMULATOR(protocol) {#protocol, posthorn_simulator_##protocol},
#include "simulators.inc"
#undef SIMULATOR
};

void explain(std::ostream& out) {
    out << "Plays a carrier, for tests and for trying Posthorn without a contract.\n\n"
           "Usage: posthorn-sim PROTOCOL [options]\n\nProtocols:\n";
    for (const auto& known : simulators)
        out << "  " << known.protocol << "\n";
    out << "\n`posthorn-sim PROTOCOL --help` tells its options.\n";
}

} // namespace

int main(int argc, char** argv) {
    const std::string_view wanted = argc > 1 ? argv[1] : "";
    if (wanted == "--help" || wanted == "-h") {
        explain(std::cout);
        return 0;
    }
    for (const auto& known : simulators)
        if (known.protocol == wanted)
            return known.run(argc - 1, argv + 1);
    if (!wanted.empty())
        std::cerr << "posthorn-sim: there is no simulator \"" << wanted << "\"\n\n";
    explain(std::cerr);
    return 2;
}

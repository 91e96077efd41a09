// `posthorn-sim smpp`: see options.cpp for what it can be told.
#include "smpp/simulator/options.hpp"
#include "smpp/simulator/server.hpp"

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <iostream>

namespace {

using namespace posthorn::smpp::simulator;

void watch_signals(boost::asio::signal_set& signals, server& carrier) {
    signals.async_wait([&](const boost::system::error_code& error, int number) {
        if (error)
            return;
        if (number != SIGUSR1)
            return carrier.stop();
        std::cout << carrier.stats() << std::endl;
        watch_signals(signals, carrier);
    });
}

int run(const options& chosen) {
    boost::asio::io_context io(1);
    server carrier(io, chosen);
    boost::asio::signal_set signals(io, SIGINT, SIGTERM, SIGUSR1);
    watch_signals(signals, carrier);
    carrier.on_stop([&] { signals.cancel(); });
    std::cout << "listening " << chosen.bind_address << ":" << carrier.port() << std::endl;
    io.run();
    std::cout << carrier.stats() << std::endl;
    return 0;
}

} // namespace

extern "C" int posthorn_simulator_smpp(int argc, char** argv) {
    const auto line = read_command_line(argc, argv);
    if (line.exit_code)
        return *line.exit_code;
    std::signal(SIGPIPE, SIG_IGN);
    try {
        return run(line.chosen);
    } catch (const std::exception& e) {
        std::cerr << "posthorn-sim smpp: " << e.what() << "\n";
        return 1;
    }
}

#include "sdk/simulator/server.hpp"

#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <iostream>

namespace posthorn::simulator {

namespace {

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

} // namespace

int run(std::string_view name, const options& chosen,
        const std::function<std::unique_ptr<server>(boost::asio::io_context&)>& make) {
    std::signal(SIGPIPE, SIG_IGN);
    try {
        boost::asio::io_context io(1);
        const auto carrier = make(io);
        boost::asio::signal_set signals(io, SIGINT, SIGTERM, SIGUSR1);
        watch_signals(signals, *carrier);
        carrier->on_stop([&] { signals.cancel(); });
        std::cout << "listening " << chosen.bind_address << ":" << carrier->port() << std::endl;
        io.run();
        std::cout << carrier->stats() << std::endl;
        return 0;
    } catch (const std::exception& e) {
        std::cerr << "posthorn-sim " << name << ": " << e.what() << "\n";
        return 1;
    }
}

} // namespace posthorn::simulator

#include "gateway/stop_limit.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <csignal>
#include <optional>
#include <vector>

using posthorn::gateway::stop_limit;
using namespace std::chrono_literals;

TEST_CASE("stop limit: says why it is time to leave, and nothing to who stopped in time") {
    boost::asio::io_context io;
    boost::asio::signal_set signals(io, SIGUSR1);
    std::vector<std::string> told;
    const auto leave = [&](const std::string& why) {
        told.push_back(why);
        signals.cancel(); // the process would end
    };
    SUBCASE("too long") {
        const stop_limit limit(signals, 1ms, leave);
        io.run();
        CHECK(told == std::vector<std::string>{"not stopped within 1 s (`stop_within:`)"});
    }
    SUBCASE("a second signal") {
        std::optional<stop_limit> limit;
        limit.emplace(signals, 1h, [&](const std::string& why) {
            told.push_back(why);
            limit.reset();
        });
        ::raise(SIGUSR1);
        io.run();
        CHECK(told == std::vector<std::string>{"told a second time to stop"});
    }
    SUBCASE("in time") {
        { const stop_limit limit(signals, 1h, leave); }
        io.run();
        CHECK(told.empty());
    }
}

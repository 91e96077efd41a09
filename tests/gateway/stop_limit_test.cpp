#include "gateway/stop_limit.hpp"

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include <csignal>
#include <optional>
#include <vector>

namespace stop_limit_test {

using posthorn::gateway::stop_limit;
using namespace std::chrono_literals;

TEST_CASE("stop limit: says why it is time to leave, and nothing to who stopped in time") {
    boost::asio::io_context io;
    std::vector<std::string> told;
    std::optional<stop_limit> limit;
    const auto leave = [&](const std::string& why) {
        told.push_back(why);
        limit.reset(); // the process would end
    };
    SUBCASE("too long") {
        limit.emplace(io.get_executor(), 1ms, leave);
        io.run();
        CHECK(told == std::vector<std::string>{"not stopped within 1 s (`stop_within:`)"});
    }
    SUBCASE("a second signal") {
        limit.emplace(io.get_executor(), 1h, leave);
        ::raise(SIGTERM);
        io.run();
        CHECK(told == std::vector<std::string>{"told a second time to stop"});
    }
    SUBCASE("in time") {
        limit.emplace(io.get_executor(), 1h, leave);
        limit.reset();
        io.run();
        CHECK(told.empty());
    }
}

} // namespace stop_limit_test

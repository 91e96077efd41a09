#include "api/carrier_handlers.hpp"

#include <doctest/doctest.h>

namespace carrier_handlers_test {

using namespace posthorn;
using namespace std::chrono_literals;
using api::stranger_limit;

namespace {

constexpr instant start{1'800'000'000s};

void knock(stranger_limit& door, const std::string& address, unsigned times, instant now) {
    for (unsigned i = 0; i < times; ++i)
        door.heard(address, false, now);
}

} // namespace

TEST_CASE("carriers: an address of strangers is not listened to for a minute") {
    stranger_limit door;
    knock(door, "a", stranger_limit::most - 1, start);
    CHECK(door.listens_to("a", start));
    knock(door, "a", 1, start);
    CHECK_FALSE(door.listens_to("a", start));
    CHECK_FALSE(door.listens_to("a", start + 59s));
    CHECK(door.listens_to("b", start));
    CHECK(door.listens_to("a", start + 1min));
}

TEST_CASE("carriers: a proxy through which a carrier called lately is always listened to") {
    stranger_limit door;
    door.heard("proxy", true, start);
    knock(door, "proxy", 100, start + 1min);
    CHECK(door.listens_to("proxy", start + 1min));
    knock(door, "proxy", 100, start + 61min);
    CHECK_FALSE(door.listens_to("proxy", start + 61min));
}

TEST_CASE("carriers: however many addresses call, no more than so many are remembered one by one") {
    stranger_limit door;
    for (std::size_t i = 0; i < 2 * stranger_limit::addresses; ++i)
        door.heard(std::to_string(i), false, start);
    CHECK_FALSE(door.listens_to("another", start)); // counted with all that came too late
    CHECK(door.listens_to("0", start));
    CHECK(door.listens_to("another", start + 2min)); // the old ones are forgotten
}

} // namespace carrier_handlers_test

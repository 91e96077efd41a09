#include "lookups/breaker.hpp"

#include <doctest/doctest.h>

namespace breaker_test {

using namespace posthorn::lookups;
using namespace std::chrono_literals;

TEST_CASE("breaker: opens after failures in a row, tries one after the pause") {
    breaker b({.failures = 3, .pause = 10s});
    breaker::time_point now{};
    const auto fails = [&] {
        REQUIRE(b.lets_through(now));
        b.failed(now);
    };
    fails();
    fails();
    b.succeeded(); // not in a row
    fails();
    fails();
    CHECK(!b.is_open());
    fails();
    CHECK(b.is_open());
    CHECK(!b.lets_through(now));
    now += 9s;
    CHECK(!b.lets_through(now));
    now += 1s;
    CHECK(b.lets_through(now));  // the trial
    CHECK(!b.lets_through(now)); // one at a time
    b.failed(now);
    CHECK(!b.lets_through(now + 9s));
    now += 10s;
    CHECK(b.lets_through(now));
    b.succeeded();
    CHECK(!b.is_open());
    CHECK(b.lets_through(now));
}

TEST_CASE("breaker: what was under way when it opened makes no pause longer than one") {
    breaker b({.failures = 1, .pause = 10s});
    const breaker::time_point now{};
    CHECK(b.lets_through(now));
    CHECK(b.lets_through(now));
    b.failed(now);
    b.failed(now + 1s);
    CHECK(!b.lets_through(now + 10s));
    CHECK(b.lets_through(now + 11s));
}

} // namespace breaker_test

#include "model/clock_guard.hpp"

#include <doctest/doctest.h>

namespace clock_guard_test {

using namespace posthorn;
using namespace std::chrono_literals;

namespace {

constexpr instant noon = from_micros(1'790'000'000'000'000);
using reading = clock_guard::reading;

} // namespace

TEST_CASE("model: a wall clock in step with the time since boot is believed, corrections too") {
    clock_guard clock({noon, 100s});
    for (const duration off : {0s, 59min + 0s, -59min + 0s}) {
        const reading r{noon + 10s + off, 110s};
        CHECK(clock.believes(r));
        CHECK(clock.now(r) == r.wall);
    }
}

TEST_CASE("model: a wall clock that jumps is not believed until it is right again") {
    for (const duration jump : {2h + 0s, -2h + 0s, 24h * 3650 + 0s}) {
        clock_guard clock({noon, 100s});
        const reading wrong{noon + 10s + jump, 110s};
        CHECK_FALSE(clock.believes(wrong));
        CHECK(clock.now(wrong) == noon + 10s);
        clock.follow(wrong);
        CHECK_FALSE(clock.believes(wrong));
        CHECK(clock.believes({noon + 20s, 120s}));
    }
}

TEST_CASE("model: many small corrections are followed") {
    clock_guard clock({noon, 100s});
    reading r{noon, 100s};
    for (int day = 0; day < 100; ++day) {
        r.since_boot += 24h;
        r.wall += 24h + 5min;
        CHECK(clock.believes(r));
        clock.follow(r);
    }
}

TEST_CASE("model: a clock behind what was noted is not believed, unless a person accepts it") {
    clock_guard clock({noon, 10s});
    clock.not_before(noon + 3h, {noon, 10s});
    const reading r{noon + 1s, 11s};
    CHECK_FALSE(clock.believes(r));
    CHECK(clock.now(r) == noon + 3h + 1s);
    clock.accept(r);
    CHECK(clock.believes(r));
    CHECK(clock.now(r) == r.wall);
}

TEST_CASE("model: what was noted long ago does not hold the clock back") {
    clock_guard clock({noon, 10s});
    clock.not_before(noon - 24h * 30, {noon, 10s});
    CHECK(clock.now({noon + 1s, 11s}) == noon + 1s);
}

} // namespace clock_guard_test

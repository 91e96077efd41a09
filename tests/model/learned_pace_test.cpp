// What a carrier bears, found out by its complaints.
#include "model/learned_pace.hpp"

#include <doctest/doctest.h>

namespace learned_pace_test {

using namespace posthorn;
using namespace std::chrono_literals;

namespace {

constexpr instant start{std::chrono::hours(500'000)};

// A second in which so many are accepted, evenly.
void second(learned_pace& p, instant from, unsigned count) {
    for (unsigned i = 0; i < count; ++i)
        p.accepted(from + duration(1'000'000 / count * i));
}

} // namespace

TEST_CASE("learned pace: without complaints the contract counts") {
    learned_pace p(100);
    second(p, start, 100);
    CHECK(p.pace() == 100);
    CHECK(!p.slowed());
    CHECK(learned_pace(0).pace() == 0);
}

TEST_CASE("learned pace: a complaint cuts it at once, and a window of complaints once") {
    learned_pace p(100);
    second(p, start, 80);
    CHECK(p.throttled(start + 1s));
    CHECK(p.pace() == 70);
    CHECK(!p.throttled(start + 1500ms));
    CHECK(p.pace() == 70);
    CHECK(p.throttled(start + 2s));
    CHECK(p.pace() < 70);
}

TEST_CASE("learned pace: grows again, and never above the contract") {
    learned_pace p(100);
    second(p, start, 80);
    p.throttled(start + 1s);
    unsigned before = p.pace();
    for (auto at = start + 3s; p.slowed(); at += 1s) {
        second(p, at, p.pace());
        REQUIRE(at < start + 60s);
        CHECK(p.pace() > before);
        CHECK(p.pace() <= 100);
        before = p.pace();
    }
    CHECK(p.pace() == 100);
}

TEST_CASE(
    "learned pace: without a contract a complaint is forgotten at twice of what was too much") {
    learned_pace p(0);
    second(p, start, 400);
    p.throttled(start + 1s);
    CHECK(p.pace() == 350);
    unsigned most = 0;
    for (auto at = start + 3s; p.slowed(); at += 1s) {
        REQUIRE(at < start + 120s);
        most = p.pace();
        second(p, at, 10);
    }
    CHECK(most > 700);
    CHECK(most < 800);
    CHECK(p.pace() == 0);
}

TEST_CASE("learned pace: a carrier that takes nothing gets one part a second at least") {
    learned_pace p(50);
    second(p, start, 50);
    for (auto at = start + 1s; at < start + 20s; at += 1s)
        p.throttled(at);
    CHECK(p.pace() == 1);
}

TEST_CASE("learned pace: a few texts in a second are no measure") {
    learned_pace p(0);
    second(p, start, 10);
    CHECK(!p.throttled(start + 1s));
    CHECK(!p.slowed());
}

TEST_CASE("learned pace: another contract counts from now on") {
    learned_pace p(100);
    second(p, start, 80);
    p.throttled(start + 1s);
    p.change(50);
    CHECK(p.pace() == 50);
    CHECK(!p.slowed());
}

} // namespace learned_pace_test

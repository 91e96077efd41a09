#include "policy/own_times.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace own_times_test {

using namespace posthorn;
using namespace posthorn::policy;

namespace {

constexpr day_hours day{9 * 60, 20 * 60};
const std::string li = "8613800000001";

std::string number_of(int n) { return std::to_string(8613800000000 + n); }

} // namespace

TEST_CASE("own times: what is said of a number is known of it, and of no other") {
    own_times t;
    CHECK(t.empty());
    CHECK_FALSE(t.of(li).any());
    t.put(li, "Asia/Urumqi", "09:00-20:00");
    CHECK(t.zone_of(t.of(li).zone).name() == "Asia/Urumqi");
    CHECK(t.of(li).hours == day);
    CHECK_FALSE(t.of(number_of(2)).any());
    CHECK_FALSE(t.of("li@example.com").any());
    CHECK_FALSE(t.of("").any());
}

TEST_CASE("own times: what is not said stays, and an empty text takes it away") {
    own_times t;
    t.put(li, "Asia/Urumqi", std::nullopt);
    t.put(li, std::nullopt, "09:00-20:00");
    CHECK(t.zone_of(t.of(li).zone).name() == "Asia/Urumqi");
    CHECK(t.of(li).hours == day);
    t.put(li, "", std::nullopt);
    CHECK(t.of(li).zone == 0);
    CHECK(t.of(li).hours == day);
    t.put(li, std::nullopt, "00:00-24:00");
    CHECK_FALSE(t.of(li).any());
}

TEST_CASE("own times: what nobody can read is as if nothing were known") {
    own_times t;
    t.put(li, "Asia/Atlantis", "when it suits");
    CHECK_FALSE(t.of(li).any());
    CHECK(t.empty());
    t.put("li@example.com", "Asia/Urumqi", std::nullopt);
    CHECK(t.empty());
}

TEST_CASE("own times: a hundred thousand numbers take sixteen octets each, and one zone is one") {
    own_times t;
    for (int n = 1; n <= 100'000; ++n)
        t.put(number_of(n), "Asia/Shanghai", n % 2 == 0 ? "09:00-20:00" : "");
    CHECK(t.zones() == 1);
    CHECK(t.octets() <= 100'000 * 2 * 4 / 3 * 16 * 2);
    for (const int n : {1, 2, 77'777, 100'000}) {
        CAPTURE(n);
        CHECK(t.of(number_of(n)).zone == 1);
        CHECK(t.of(number_of(n)).hours.all_day() == (n % 2 != 0));
    }
}

TEST_CASE("own times: those that have taken theirs back leave their room to others") {
    own_times t;
    for (int n = 1; n <= 10'000; ++n) {
        t.put(number_of(n), "Asia/Shanghai", std::nullopt);
        t.put(number_of(n), "", std::nullopt);
    }
    CHECK(t.octets() <= 10'000 * 16 * 4);
    CHECK_FALSE(t.of(number_of(5'000)).any());
}

} // namespace own_times_test

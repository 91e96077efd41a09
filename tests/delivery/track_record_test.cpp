// What is learned of how a carrier does.
#include "delivery/track_record.hpp"

#include <doctest/doctest.h>

namespace track_record_test {

using namespace posthorn;
using namespace std::chrono_literals;
using delivery::track_record;

namespace {

constexpr instant start{std::chrono::hours(500'000)};

// So many texts to numbers that begin so, of which so many arrive, each receipt after so long.
void pass(track_record& r, posthorn::id first, int count, int arrive, duration took,
          std::string_view to = "8613800000001") {
    for (int i = 0; i < count; ++i) {
        r.accepted(first + i, to, start);
        r.ended(first + i, i < arrive, start + took);
    }
}

std::string told(const track_record& r, std::string_view what) {
    for (const auto& [word, value] : r.told())
        if (word == what)
            return value;
    return "";
}

} // namespace

TEST_CASE("track record: says how many arrive, and how soon that is known") {
    track_record r;
    CHECK(r.told().empty());
    pass(r, 1, 95, 95, 900ms);
    pass(r, 1000, 5, 0, 100s);
    CHECK(told(r, "delivered") ==
          "95.0 % of 100, half of the receipts within 2 s, 95 % within 2 s");
    CHECK(told(r, "receipts before the answer") == "no");
    pass(r, 2000, 10, 0, 3h);
    CHECK(told(r, "delivered") ==
          "86.3 % of 110, half of the receipts within 2 s, 95 % after more than 70 min");
}

TEST_CASE("track record: prefixes have figures of their own, once there are enough") {
    track_record r;
    pass(r, 1, 100, 100, 1s, "8613800000001");
    pass(r, 1000, 50, 25, 1s, "8618900000001");
    pass(r, 2000, 49, 0, 1s, "8617000000001");
    CHECK(r.delivered_of_hundred() == 62U); // 125 of 199
    CHECK(told(r, "delivered to 86138…").starts_with("100.0 % of 100"));
    CHECK(told(r, "delivered to 86189…").starts_with("50.0 % of 50"));
    CHECK(told(r, "delivered to 86170…") == "");
}

TEST_CASE("track record: with too few texts nothing is said") {
    track_record r;
    pass(r, 1, 49, 49, 1s);
    CHECK(r.delivered_of_hundred() == std::nullopt);
}

TEST_CASE(
    "track record: what waits for its receipt keeps its place for a day, however many follow") {
    track_record r;
    r.accepted(7, "8613800000001", start);
    r.accepted(7 + 4096, "8613800000001", start + 1h); // the same place: not in the sample
    r.ended(7 + 4096, true, start + 2h);
    CHECK(r.told().empty());
    r.ended(7, true, start + 3h);
    CHECK(told(r, "delivered").starts_with("100.0 % of 1,"));
    r.accepted(8, "8613800000001", start);
    r.accepted(8 + 4096, "8613800000001", start + 25h);
    r.ended(8 + 4096, false, start + 26h);
    CHECK(told(r, "delivered").starts_with("50.0 % of 2,"));
}

TEST_CASE("track record: old figures weigh less than new ones") {
    track_record r;
    pass(r, 1, 4000, 4000, 1s);
    pass(r, 10'000, 2000, 0, 1s);
    CHECK(*r.delivered_of_hundred() <= 50U);
}

TEST_CASE("track record: is the same after it was written and read") {
    track_record r;
    CHECK(!r.changed());
    pass(r, 1, 50, 40, 700ms, "4915100000001");
    r.receipt_came_first();
    r.reference_came_back();
    CHECK(r.changed());
    CHECK(!r.changed());
    const auto again = track_record::read(r.written());
    CHECK(again.told() == r.told());
    CHECK(again.written() == r.written());
    for (const auto* bad : {"", "x", "2 0 0\n0 1 1", "1 0 0\n0 99999999999999999999 1", "1 0"})
        CHECK(track_record::read(bad).told().empty());
}

} // namespace track_record_test

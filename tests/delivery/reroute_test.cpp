// Routes that change while messages wait: rows stay, and the answer changes.
#include "delivery/rig.hpp"

#include <doctest/doctest.h>

namespace reroute_test {

using namespace rig;

namespace {

constexpr name_id other_pool = 77;

delivery::desk_settings settings(delivery::seats seats, name_id pool_of_all) {
    return {.retry = {.first = 1s, .longest = 10s},
            .receipt_wait = receipt_wait,
            .types = {{type, {.name = "bill"}}},
            .seats = std::move(seats),
            .pool_of = [pool_of_all](const message&) { return pool_of_all; }};
}

} // namespace

TEST_CASE("reroute: what waits in hand goes by the new routes") {
    sending_side s({.window = 1, .second = true, .seats = {{pool, {{account, 0, 0}}}}});
    for (int i = 0; i < 3; ++i)
        s.accept(s.new_message(1, on_uncertain::hold, 600s));
    s.settle();
    CHECK(s.at_carrier().seen.size() == 1);
    CHECK(s.at_second().seen.empty());
    s.desk().use(settings({{other_pool, {{second_account, 0, 0}}}}, other_pool));
    s.settle();
    REQUIRE(s.at_second().seen.size() == 1);
    s.tell_by(s.second(), s.at_second().seen[0], answer::accepted);
    s.settle();
    CHECK(s.at_second().seen.size() == 2);
    CHECK(s.at_carrier().seen.size() == 1);
}

TEST_CASE("reroute: rows that wait in the store keep their pool, and go by the new routes") {
    sending_side s({.window = 1, .second = true, .seats = {{pool, {{account, 0, 0}}}}});
    s.lane().slots(0, "link lost");
    for (int i = 0; i < 3; ++i)
        s.accept(s.new_message(1, on_uncertain::hold, 600s));
    s.pass(10s); // they are put into the store's queue, and claimed again
    SQLite::Statement rows(s.db(), "SELECT count(*) FROM queue WHERE pool = 1");
    REQUIRE(rows.executeStep());
    CHECK(rows.getColumn(0).getInt() == 3);
    rows.reset();
    s.desk().use(settings({{other_pool, {{second_account, 0, 0}}}}, other_pool));
    s.settle();
    for (std::size_t n = 1; n <= 3; ++n) {
        for (int i = 0; i < 200 && s.at_second().seen.size() < n; ++i)
            s.pulse();
        REQUIRE(s.at_second().seen.size() == n);
        s.tell_by(s.second(), s.at_second().seen[n - 1], answer::accepted);
    }
    s.settle();
    REQUIRE(rows.executeStep());
    CHECK(rows.getColumn(0).getInt() == 0); // each left the place that its row had
    CHECK(s.at_carrier().seen.empty());
}

} // namespace reroute_test

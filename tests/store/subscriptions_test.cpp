// Subscriptions: operations through the writer, and the reader of them.
#include "store/subscriptions.hpp"

#include "store/store_bench.hpp"

#include <doctest/doctest.h>

namespace subscriptions_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

const std::string li = "8613800000001", wang = "8613800000002";

struct topics_bench : bench {
    subscription_reader subscriptions{folder / "live.db"};

    outcome::code done(op o) { return bench::done(std::move(o)).what; }
    outcome::code put(subscription s, subscription_deed by = {.at = start_of_time}) {
        return done(put_subscription{std::move(s), std::move(by)});
    }
};

constexpr auto applied = outcome::code::applied, stale = outcome::code::stale;

} // namespace

TEST_CASE("subscriptions: are put, changed and dropped, and the log tells by whom") {
    topics_bench b;
    subscription s{.topic = "outage.area", .number = li, .parameter = "城东", .hours = {480, 1200}};
    CHECK(b.put(s, {.inbound = 7, .at = start_of_time}) == applied);
    CHECK(b.put(s) == stale);
    CHECK(b.subscriptions.of_number(li) == std::vector{s});
    s.paused = true;
    CHECK(b.put(s, {.how = binding_way::agent,
                    .who = "agent li",
                    .reason = "called",
                    .at = start_of_time + 1s}) == applied);
    s.paused = false;
    s.hours = {};
    b.put(s);
    CHECK(b.subscriptions.of_number(li) == std::vector{s});
    drop_subscription drop{.topic = s.topic, .number = li, .parameter = s.parameter, .by = {}};
    CHECK(b.done(drop) == applied);
    CHECK(b.done(drop) == stale);
    CHECK(b.subscriptions.of_number(li).empty());
    const auto log = b.subscriptions.changes_of(li, 10);
    REQUIRE(log.size() == 4);
    CHECK(log[0].what == subscription_change::unsubscribed);
    CHECK(log[1].what == subscription_change::resumed);
    CHECK(log[2].what == subscription_change::paused);
    CHECK(log[2].how == binding_way::agent);
    CHECK(log[2].who == "agent li");
    CHECK(log[2].reason == "called");
    CHECK(log[2].at == start_of_time + 1s);
    CHECK(log[3].what == subscription_change::subscribed);
    CHECK(log[3].inbound == 7);
    CHECK(log[3].parameter == "城东");
    CHECK(b.subscriptions.changes_of(li, 2).size() == 2);
}

TEST_CASE("subscriptions: of a topic in pages, and counted") {
    topics_bench b;
    for (const auto* parameter : {"a", "b"})
        for (const auto& number : {wang, li})
            b.put({.topic = "t", .number = number, .parameter = parameter});
    b.put({.topic = "u", .number = li, .paused = true});
    const auto first = b.subscriptions.of_topic("t", "", "", 3);
    REQUIRE(first.size() == 3);
    CHECK(first[0].number == li);
    CHECK(first[2].number == wang);
    const auto rest = b.subscriptions.of_topic("t", first[2].number, first[2].parameter, 3);
    REQUIRE(rest.size() == 1);
    CHECK(rest[0].parameter == "b");
    auto counts = b.subscriptions.counts();
    CHECK(counts.size() == 2);
    CHECK(counts["t"].all == 4);
    CHECK(counts["t"].paused == 0);
    CHECK(counts["u"].paused == 1);
}

TEST_CASE("subscriptions: whose time is over ends, unless it was renewed in that moment") {
    topics_bench b;
    b.put({.topic = "t", .number = li, .expires_at = start_of_time + 1h});
    b.put({.topic = "t", .number = wang});
    CHECK(b.subscriptions.expired(start_of_time, 10).empty());
    const auto now = start_of_time + 2h;
    CHECK(b.subscriptions.expired(now, 10).size() == 1);
    const drop_subscription over{
        .topic = "t", .number = li, .parameter = "", .expired = true, .by = {.at = now}};
    b.put({.topic = "t", .number = li, .expires_at = start_of_time + 3h});
    CHECK(b.done(over) == stale);
    b.put({.topic = "t", .number = li, .expires_at = now});
    CHECK(b.done(over) == applied);
    CHECK(b.subscriptions.changes_of(li, 1).front().what == subscription_change::expired);
    CHECK(b.subscriptions.of_number(wang).size() == 1);
}

} // namespace subscriptions_test

// What policy says of a message, and which reason it gives.
#include "policy/judge.hpp"

#include "model/time_text.hpp"

#include <doctest/doctest.h>

namespace judge_test {

using namespace posthorn;
using namespace posthorn::policy;
using namespace std::chrono_literals;

namespace {

using kind = decision::kind;

instant at(const char* rfc3339) {
    const auto t = time_from(rfc3339);
    REQUIRE(t);
    return *t;
}

const templates::zone shanghai = *templates::zone::named("Asia/Shanghai");

quiet_hours nightly() {
    constexpr day_hours night{21 * 60, 8 * 60};
    return {{night, night, night}, std::make_shared<holidays>(), shanghai};
}

std::shared_ptr<rules> usual() {
    auto r = std::make_shared<rules>();
    r->zone = shanghai;
    r->categories[std::size_t(category::billing)].quiet = nightly();
    auto& marketing = r->categories[std::size_t(category::marketing)];
    marketing.per_day = 2;
    marketing.per_week = 3;
    r->categories[std::size_t(category::survey)].alike_within = 1h;
    return r;
}

const std::string li = "8613800000000";

facts of(category c, instant expires_at = instant::max()) {
    return {.what = c, .number = li, .text = "hello", .expires_at = expires_at};
}

// It leaves, and is counted.
void leaves(judge& j, const facts& f, instant now) {
    CHECK(j.ask(f, now).what == kind::may);
    if (const auto counts = j.to_count(f, now))
        j.add(*counts, now);
}

} // namespace

TEST_CASE(
    "judge: what may go by e-mail at night waits, and says why it goes, also what would expire") {
    const auto night = at("2026-11-26T22:00:00+08:00");
    auto r = usual();
    r->categories[std::size_t(category::billing)].messages = when_quiet::email;
    judge j(r);
    for (const auto until : {"2026-11-26T23:00:00+08:00", "2026-11-28T08:00:00+08:00"}) {
        CAPTURE(until);
        const auto said = j.ask(of(category::billing, at(until)), night);
        CHECK(said.what == kind::wait);
        CHECK(said.by == rule::quiet_hours);
        CHECK(said.until == at("2026-11-27T08:00:00+08:00"));
        CHECK(said.by_email ==
              "by e-mail: quiet hours of billing, 21:00-08:00 Asia/Shanghai (policy.yaml)");
        CHECK(said.reason == "quiet hours of billing, 21:00-08:00 Asia/Shanghai (policy.yaml): by "
                             "e-mail, or waits until 2026-11-27 08:00");
    }
    const auto day = j.ask(of(category::billing), at("2026-11-27T09:00:00+08:00"));
    CHECK(day.what == kind::may);
    CHECK(day.by_email.empty());
}

TEST_CASE("judge: what would leave at night waits until the morning, is dropped or expires") {
    const auto night = at("2026-11-26T22:00:00+08:00");
    auto r = usual();
    judge j(r);
    const auto waits = j.ask(of(category::billing), night);
    CHECK(waits.what == kind::wait);
    CHECK(waits.until == at("2026-11-27T08:00:00+08:00"));
    CHECK(waits.reason == "quiet hours of billing, 21:00-08:00 Asia/Shanghai (policy.yaml): waits "
                          "until 2026-11-27 08:00");
    for (const auto until : {"2026-11-26T23:00:00+08:00", "2026-11-27T08:00:00+08:00"}) {
        const auto over = j.ask(of(category::billing, at(until)), night);
        CHECK(over.what == kind::expire); // at eight it would be over
        CHECK(over.reason ==
              "quiet hours of billing, 21:00-08:00 Asia/Shanghai (policy.yaml): they last until "
              "2026-11-27 08:00, and its time is over before");
    }
    r->categories[std::size_t(category::billing)].messages = when_quiet::drop;
    const auto dropped = j.ask(of(category::billing), night);
    CHECK(dropped.what == kind::drop);
    CHECK(dropped.reason == "quiet hours of billing, 21:00-08:00 Asia/Shanghai (policy.yaml)");
    CHECK(j.ask(of(category::billing), at("2026-11-26T20:00:00+08:00")).what == kind::may);
    CHECK(j.ask(of(category::service), night).what == kind::may);
}

TEST_CASE("judge: urgent messages pass the night and caps, and other rules are not theirs") {
    const auto night = at("2026-11-26T22:00:00+08:00");
    judge j(usual());
    auto urgent = of(category::billing);
    urgent.urgent = true;
    CHECK(j.ask(urgent, night).what == kind::may);
    auto offer = of(category::marketing);
    for (int i = 0; i < 2; ++i)
        leaves(j, offer, night);
    CHECK(j.ask(offer, night).what == kind::drop);
    offer.urgent = true;
    CHECK(j.ask(offer, night).what == kind::may);
    CHECK(j.ask(of(category::statutory), night).what == kind::may);
    CHECK(!judge(nullptr).concerns(category::billing, li));
    CHECK(judge(nullptr).ask(of(category::billing), night).what == kind::may);
}

TEST_CASE("judge: what is just about to become night is night, and the next one is told before") {
    judge j(usual());
    const auto nine = at("2026-11-26T21:00:00+08:00");
    CHECK(j.ask(of(category::billing), nine - 1s - 1us).what == kind::may);
    CHECK(j.ask(of(category::billing), nine - 1s).what == kind::wait);
    CHECK(j.is_quiet(of(category::billing), nine - 1s));
    CHECK(j.next_quiet(of(category::billing), nine - 5h) == nine);
    CHECK(j.next_quiet(of(category::billing), nine) == std::nullopt);
    CHECK(j.next_quiet(of(category::billing), nine + 11h) == nine + 24h);
    CHECK(j.next_quiet(of(category::marketing), nine - 5h) == std::nullopt);
}

TEST_CASE("judge: caps count by days and weeks of the zone") {
    judge j(usual());
    const auto offer = of(category::marketing);
    const auto wednesday = at("2026-11-25T23:30:00+08:00");
    leaves(j, offer, wednesday);
    leaves(j, offer, wednesday + 1min);
    const auto third = j.ask(offer, wednesday + 2min);
    CHECK(third.what == kind::drop);
    CHECK(third.by == rule::cap);
    CHECK(j.ask_time(offer, wednesday + 2min).what == kind::may);
    CHECK(third.reason == "cap of marketing: 2 a day; this number had 2 since midnight");
    auto other = offer;
    other.number = "8613800000001";
    CHECK(j.ask(other, wednesday + 2min).what == kind::may);
    leaves(j, offer, wednesday + 30min); // past midnight
    const auto fourth = j.ask(offer, wednesday + 31min);
    CHECK(fourth.reason == "cap of marketing: 3 a week; this number had 3 since Monday");
    CHECK(j.ask(offer, at("2026-11-29T23:59:00+08:00")).what == kind::drop); // Sunday
    CHECK(j.ask(offer, at("2026-11-30T00:00:00+08:00")).what == kind::may);  // Monday
}

TEST_CASE("judge: what did not leave after all does not count") {
    judge j(usual());
    const auto offer = of(category::marketing);
    const auto now = at("2026-11-25T12:00:00+08:00");
    leaves(j, offer, now);
    leaves(j, offer, now + 1min);
    CHECK(j.ask(offer, now + 2min).what == kind::drop);
    j.remove(*j.to_count(offer, now + 1min));
    CHECK(j.ask(offer, now + 2min).what == kind::may);
}

TEST_CASE("judge: the same text goes to a number once within its time, unless a person says so") {
    judge j(usual());
    const auto asked = of(category::survey);
    const auto now = at("2026-11-25T12:00:00+08:00");
    leaves(j, asked, now);
    const auto again = j.ask(asked, now + 59min);
    CHECK(again.what == kind::drop);
    CHECK(again.reason ==
          "the same text went to this number at 2026-11-25 12:00 (survey, policy.yaml)");
    auto other = asked;
    other.text = "Hello";
    CHECK(j.ask(other, now + 1min).what == kind::may);
    other = asked;
    other.number = "8613800000001";
    CHECK(j.ask(other, now + 1min).what == kind::may);
    CHECK(j.ask(asked, now + 1h).what == kind::may);
    const auto forgiven = j.forgive(asked, now + 30min);
    REQUIRE(forgiven);
    CHECK(forgiven->at == now + 30min - 1h);
    CHECK(forgiven->text == j.to_count(asked, now)->text);
    CHECK(j.ask(asked, now + 31min).what == kind::may);
    CHECK(j.forgive(of(category::billing), now) == std::nullopt);
}

TEST_CASE("judge: only categories that count are remembered, and no longer than it matters") {
    judge j(usual());
    const auto now = at("2026-11-25T12:00:00+08:00"); // a Wednesday
    CHECK(j.to_count(of(category::billing), now) == std::nullopt);
    CHECK(j.to_count(of(category::survey), now));
    CHECK(j.needed_since(now) == at("2026-11-23T00:00:00+08:00"));
    auto daily = usual();
    daily->categories[std::size_t(category::marketing)].per_week = 0;
    CHECK(judge(daily).needed_since(now) == at("2026-11-25T00:00:00+08:00"));
    auto hourly = usual();
    hourly->categories[std::size_t(category::marketing)] = {};
    CHECK(judge(hourly).needed_since(now) == now - 1h);
    CHECK(judge(nullptr).needed_since(now) == now);
}

TEST_CASE("judge: other rules count from then on, with what is remembered") {
    auto r = usual();
    judge j(r);
    const auto offer = of(category::marketing);
    const auto now = at("2026-11-25T12:00:00+08:00");
    leaves(j, offer, now);
    auto stricter = usual();
    stricter->categories[std::size_t(category::marketing)].per_day = 1;
    j.use(stricter);
    CHECK(j.ask(offer, now).what == kind::drop);
    j.use(nullptr);
    CHECK(j.ask(offer, now).what == kind::may);
}

TEST_CASE("judge: quiet hours are those of the clock where the number is") {
    judge j(usual(), shanghai);
    j.times().put(li, "Europe/Athens", std::nullopt);
    const auto evening = at("2026-11-26T21:00:00+08:00"); // 15:00 there
    CHECK(j.ask(of(category::billing), evening).what == kind::may);
    CHECK_FALSE(j.is_quiet(of(category::billing), evening));
    CHECK(j.next_quiet(of(category::billing), evening) == at("2026-11-26T21:00:00+02:00"));
    const auto waits = j.ask(of(category::billing), at("2026-11-27T09:00:00+08:00"));
    CHECK(waits.what == kind::wait);
    CHECK(waits.until == at("2026-11-27T08:00:00+02:00"));
    CHECK(waits.reason == "quiet hours of billing, 21:00-08:00 Europe/Athens (policy.yaml): waits "
                          "until 2026-11-27 08:00");
    auto neighbour = of(category::billing);
    neighbour.number = "8613800000009"; // of whom nothing is known
    CHECK(j.ask(neighbour, evening).what == kind::wait);
    CHECK(j.ask(neighbour, at("2026-11-27T09:00:00+08:00")).what == kind::may);
}

TEST_CASE("judge: outside the hours that a number prefers what is not urgent waits for them") {
    for (const bool ruled : {true, false}) { // also where there is no policy.yaml
        CAPTURE(ruled);
        judge j(ruled ? usual() : nullptr, shanghai);
        j.times().put(li, std::nullopt, "09:00-20:00");
        const auto noon = at("2026-11-26T12:00:00+08:00"), late = at("2026-11-26T20:30:00+08:00");
        CHECK(j.concerns(category::service, li));
        CHECK_FALSE(j.concerns(category::service, "8613800000009"));
        CHECK(j.ask(of(category::service), noon).what == kind::may);
        CHECK(j.next_quiet(of(category::service), noon) == at("2026-11-26T20:00:00+08:00"));
        const auto waits = j.ask(of(category::service), late);
        CHECK(waits.what == kind::wait);
        CHECK(waits.by == rule::preferred_hours);
        CHECK(waits.until == at("2026-11-27T09:00:00+08:00"));
        CHECK(waits.reason == "preferred hours of this number, 09:00-20:00 Asia/Shanghai: waits "
                              "until 2026-11-27 09:00");
        CHECK(j.is_quiet(of(category::service), late));
        const auto over = j.ask(of(category::service, at("2026-11-27T09:00:00+08:00")), late);
        CHECK(over.what == kind::expire);
        CHECK(over.reason ==
              "preferred hours of this number, 09:00-20:00 Asia/Shanghai: they begin "
              "at 2026-11-27 09:00, and its time is over before");
        CHECK(j.ask(of(category::statutory), late).what == kind::may);
        CHECK(j.next_quiet(of(category::statutory), noon) == std::nullopt);
        auto urgent = of(category::service);
        urgent.urgent = true;
        CHECK(j.ask(urgent, late).what == kind::may);
    }
}

TEST_CASE("judge: preferred hours are by the number's own clock, and begin after the quiet ones") {
    judge j(usual(), shanghai);
    j.times().put(li, "Asia/Urumqi", "09:00-20:00"); // two hours behind
    const auto early = at("2026-11-27T07:00:00+06:00");
    CHECK(j.ask(of(category::billing), early).until == at("2026-11-27T08:00:00+06:00"));
    const auto eight = j.ask(of(category::billing), at("2026-11-27T08:00:00+06:00"));
    CHECK(eight.by == rule::preferred_hours);
    CHECK(eight.until == at("2026-11-27T09:00:00+06:00"));
    CHECK(j.ask(of(category::billing), at("2026-11-27T09:00:00+06:00")).what == kind::may);
    // whichever ends first, for the carrier
    CHECK(j.next_quiet(of(category::billing), at("2026-11-27T10:00:00+06:00")) ==
          at("2026-11-27T20:00:00+06:00"));
}

TEST_CASE("judge: what is said of a number holds from then on") {
    judge j(usual(), shanghai);
    const auto late = at("2026-11-26T20:30:00+08:00");
    CHECK(j.ask(of(category::service), late).what == kind::may);
    j.times().put(li, std::nullopt, "09:00-20:00");
    CHECK(j.ask(of(category::service), late).what == kind::wait);
    j.use(nullptr, shanghai); // a reload takes the rules away, not what people want
    CHECK(j.ask(of(category::service), late).what == kind::wait);
    j.times().put(li, std::nullopt, "");
    CHECK(j.ask(of(category::service), late).what == kind::may);
}

} // namespace judge_test

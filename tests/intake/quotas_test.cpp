// Quotas as arithmetic, and what a drain makes of them.
#include "intake/drain_rig.hpp"

#include <doctest/doctest.h>

#include <thread>

namespace quotas_test {

using namespace posthorn;
using namespace posthorn::intake;
using namespace posthorn::intake::tests;

namespace {

std::shared_ptr<catalogue> with_quota(settings::quota_settings quota) {
    auto known = some_catalogue();
    for (auto& s : known->sources)
        if (s.name == "billing")
            s.quota = quota;
    return known;
}

templates::zone zone_of(const char* name) { return *templates::zone::named(name); }

// 2026-11-22 in Shanghai, where the day ends at 16:00 UTC.
instant at(int hours, int minutes, int seconds = 0) {
    return noon - 12h + std::chrono::hours(hours) + std::chrono::minutes(minutes) +
           std::chrono::seconds(seconds);
}

} // namespace

TEST_CASE(
    "quotas: there is room for what is neither taken in nor reserved, until the window ends") {
    quotas q(*with_quota({.per_minute = 100, .per_day = 250}), zone_of("Asia/Shanghai"));
    struct step {
        instant now;
        std::size_t wanted, granted, taken_in;
        std::string in_the_way; // afterwards
    };
    for (const auto& s : {
             step{at(12, 0), 60, 60, 60, ""},
             step{at(12, 0, 59), 60, 40, 10, ""}, // 30 were known already, and make room again
             step{at(12, 0, 59), 60, 30, 30, "minute 12:01"},
             step{at(12, 0, 59), 1, 0, 0, "minute 12:01"},
             step{at(12, 1), 1000, 100, 100, "minute 12:02"},
             step{at(12, 0, 30), 1, 0, 0, "minute 12:02"}, // a clock that jumps back gives nothing
             step{at(12, 2), 1000, 50, 50, "day 16:00"},
             step{at(12, 3), 1, 0, 0, "day 16:00"},
             step{at(15, 59, 59), 1, 0, 0, "day 16:00"},
             step{at(16, 0), 120, 100, 100, "minute 16:01"},
             step{at(15, 59, 59), 1, 0, 0, "minute 16:01"},
             step{at(16, 1), 100, 100, 100, "minute 16:02"},
             step{at(16, 2), 100, 50, 50, "day 40:00"},
         }) {
        CAPTURE((s.now - at(0, 0)).count() / 1'000'000);
        CHECK(q.reserve("billing", s.wanted, s.now) == s.granted);
        q.settle("billing", s.granted, s.taken_in, s.now);
        const auto stands = q.in_the_way("billing", s.now);
        std::string found;
        if (stands) {
            const auto ends = std::chrono::floor<std::chrono::minutes>(stands->ends - at(0, 0));
            const auto minutes =
                (ends.count() % 60 < 10 ? ":0" : ":") + std::to_string(ends.count() % 60);
            found = std::string(name_of(stands->window)) + " " + std::to_string(ends.count() / 60) +
                    minutes;
        }
        CHECK(found == s.in_the_way);
    }
}

TEST_CASE("quotas: what is reserved counts until it is settled, over the end of its minute too") {
    quotas q(*with_quota({.per_minute = 100}), zone_of("UTC"));
    CHECK(q.reserve("billing", 80, at(12, 0)) == 80);
    CHECK(q.reserve("billing", 80, at(12, 1)) == 20);
    q.settle("billing", 80, 80, at(12, 1));
    q.settle("billing", 20, 0, at(12, 1));
    CHECK(q.reserve("billing", 80, at(12, 1)) == 20);
}

TEST_CASE("quotas: a source without one has no limit, and others do not share one") {
    quotas q(*with_quota({.per_day = 10}), zone_of("UTC"));
    CHECK(q.reserve("billing", 100, noon) == 10);
    CHECK(q.reserve("codes", 100'000, noon) == 100'000);
    CHECK(q.reserve("nobody", 5, noon) == 5);
    CHECK(q.uses("codes", noon).empty());
    CHECK(!q.in_the_way("codes", noon));
}

TEST_CASE("quotas: another configuration holds at once, and what was counted stays") {
    quotas q(*with_quota({}), zone_of("Asia/Shanghai"));
    q.settle("billing", q.reserve("billing", 500, noon), 500, noon);
    CHECK(q.uses("billing", noon).empty());
    q.use(*with_quota({.per_day = 600}), zone_of("Asia/Shanghai"));
    const auto uses = q.uses("billing", noon);
    REQUIRE(uses.size() == 1);
    CHECK(uses[0].used == 500);
    CHECK(uses[0].is_nearly_full());
    CHECK(uses[0].ends_at == "00:00 Asia/Shanghai");
    CHECK(q.reserve("billing", 500, noon) == 100);
    q.settle("billing", 100, 100, noon);
    q.use(*with_quota({.per_day = 50}), zone_of("Asia/Shanghai"));
    CHECK(q.reserve("billing", 1, noon) == 0); // far beyond it, and still none
    q.use(*with_quota({}), zone_of("Asia/Shanghai"));
    CHECK(q.reserve("billing", 1, noon) == 1);
}

TEST_CASE("quotas: what an earlier process took in today counts for the day alone") {
    quotas q(*with_quota({.per_minute = 100, .per_day = 1000}), zone_of("Asia/Shanghai"));
    q.add_earlier("billing", 950, noon);
    CHECK(q.reserve("billing", 1000, noon) == 50);
    q.settle("billing", 50, 0, noon);
    CHECK(q.reserve("billing", 1000, at(16, 0)) == 100);
}

TEST_CASE("quotas: two ways in at once never get more than there is") {
    quotas q(*with_quota({.per_day = 20'000}), zone_of("UTC"));
    std::atomic<std::size_t> all{0};
    const auto take = [&](std::size_t portion) {
        for (int i = 0; i < 1000; ++i) {
            const auto some = q.reserve("billing", portion, noon);
            q.settle("billing", some, some / 2, noon);
            all += some / 2;
        }
    };
    std::thread outbox(take, 100), http(take, 7);
    outbox.join();
    http.join();
    CHECK(all <= 20'000);
    q.settle("billing", 0, 0, noon);
    CHECK(q.uses("billing", noon).front().used == static_cast<std::int64_t>(all.load()));
}

TEST_CASE("quotas: a drain reads no further than the quota, and goes on in the next window") {
    const scratch dir;
    file billing(dir / "billing.db");
    file codes(dir / "codes.db");
    billing.insert("k", 1, 250);
    running drain(dir, {.directory = {}, .capacity = 4096, .batch = 64},
                  with_quota({.per_minute = 100}));
    drain.seen.keys("billing", 100);
    codes.insert("c", 1, 500, "code.verification"); // nobody else is delayed
    drain.seen.keys("codes", 500);
    CHECK(drain.seen.keys("billing", 100).size() == 100);
    drain.seen.kept_back(drain.at, "billing", 150);

    // three of the hundred were known already: three others may come
    drain.quota.settle("billing", 100, 97, noon);
    drain.commit("billing");
    CHECK(drain.seen.keys("billing", 103).size() == 103);
    drain.quota.settle("billing", 3, 3, noon);
    drain.now_us = to_micros(noon + 1min);
    drain.seen.keys("billing", 203);
    drain.quota.settle("billing", 100, 100, noon + 1min);
    drain.now_us = to_micros(noon + 2min);
    const auto keys = drain.seen.keys("billing", 250);
    for (std::size_t i = 0; i < 250; ++i)
        CHECK(keys[i] == "k" + std::to_string(i + 1));
    drain.seen.kept_back(drain.at, "billing", 0);
}

TEST_CASE("quotas: urgent rows overtake within the quota, not beyond it, and none comes twice") {
    const scratch dir;
    file billing(dir / "billing.db");
    billing.insert("k", 1, 100);
    billing.insert("u", 1, 30, "code.verification");
    running drain(dir, {}, with_quota({.per_minute = 20}));
    auto now = noon;
    for (const std::size_t end : {20U, 40U, 60U, 80U, 100U, 120U, 130U}) {
        drain.now_us = to_micros(now);
        const auto keys = drain.seen.keys("billing", end);
        CHECK(keys.size() == end);
        drain.quota.settle("billing", 20, 20, now);
        now += 1min;
    }
    std::vector<std::string> expected;
    const auto rows = [&](const char* prefix, int from, int to) {
        for (int i = from; i <= to; ++i)
            expected.push_back(prefix + std::to_string(i));
    };
    rows("k", 1, 20);
    rows("u", 1, 30);
    rows("k", 21, 100);
    CHECK(drain.seen.keys("billing", 130) == expected);
}

TEST_CASE("quotas: a reload gives a quota, and takes it away, while the drain runs") {
    const scratch dir;
    file billing(dir / "billing.db");
    billing.insert("k", 1, 30);
    running drain(dir, {}, with_quota({.per_day = 10}));
    drain.seen.keys("billing", 10);
    drain.seen.kept_back(drain.at, "billing", 20);
    CHECK(drain.seen.keys("billing", 10).size() == 10);
    drain.quota.use(*with_quota({}), zone_of("UTC"));
    drain.at.use(with_quota({}));
    CHECK(drain.seen.keys("billing", 30).size() == 30);
}

} // namespace quotas_test

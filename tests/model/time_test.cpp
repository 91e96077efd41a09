#include "model/event.hpp"
#include "model/id.hpp"
#include "model/retry.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <set>

namespace time_test {

using namespace posthorn;
using namespace std::chrono_literals;

namespace {

const instant noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;
constexpr auto most_random = std::numeric_limits<std::uint32_t>::max();

} // namespace

TEST_CASE("model: ids rise when the clock runs, stands still or jumps back") {
    id_source ids;
    id last = 0;
    const auto rises = [&](instant now) {
        const id made = ids.next(now);
        CHECK(made > last);
        last = made;
    };
    rises(noon);
    rises(noon + 1us);
    for (int i = 0; i < 10'000; ++i) // more than the counter holds
        rises(noon + 1us);
    rises(noon - 24h);
    rises(noon - 24h);
    rises(noon + 1h);
    CHECK(made_at(last) == noon + 1h);
}

TEST_CASE("model: after a restart ids go on above the last one, whatever the clock says") {
    id_source before;
    const id last = before.next(noon);
    id_source after(last);
    CHECK(after.next(noon - 365 * 24h) == last + 1);
    CHECK(after.next(noon + 1s) == first_id_at(noon + 1s));
}

TEST_CASE("model: an id knows when it was made, and fits 63 bits beyond this century") {
    CHECK(made_at(first_id_at(noon)) == noon);
    CHECK(made_at(first_id_at(noon) + 4095) == noon);
    const instant late = std::chrono::sys_days(std::chrono::year(2090) / 1 / 1);
    CHECK(first_id_at(late) > 0);
    CHECK(made_at(first_id_at(late)) == late);
}

TEST_CASE("model: retries wait twice as long each time, with full jitter, up to the longest") {
    const retry_schedule s{.first = 30s, .longest = 1h};
    struct {
        unsigned attempts;
        duration ceiling;
    } const rows[] = {{0, 30s},   {1, 30s},   {2, 60s}, {3, 120s},
                      {7, 1920s}, {8, 3600s}, {9, 1h},  {4'000'000'000U, 1h}};
    for (const auto& row : rows) {
        CAPTURE(row.attempts);
        CHECK(wait_before_retry(s, row.attempts, 0) == 500ms);
        CHECK(wait_before_retry(s, row.attempts, most_random) <= row.ceiling);
        CHECK(wait_before_retry(s, row.attempts, most_random) > row.ceiling - 2ms);
        const auto half = wait_before_retry(s, row.attempts, 1U << 31);
        CHECK(half > row.ceiling / 2 - 2ms);
        CHECK(half < row.ceiling / 2 + 1s);
    }
}

TEST_CASE(
    "model: a retry never waits less than half a second, and a long schedule does not overflow") {
    CHECK(wait_before_retry({.first = 1ms, .longest = 1ms}, 5, most_random) == 500ms);
    CHECK(wait_before_retry({.first = 10s, .longest = 1s}, 1, most_random) <= 1s);
    const auto long_wait = wait_before_retry({.first = 24h, .longest = 30 * 24h}, 20, most_random);
    CHECK(long_wait <= 30 * 24h);
    CHECK(long_wait > 29 * 24h);
}

TEST_CASE("model: the content hash covers what makes a notice the same, and nothing else") {
    event e;
    e.type = "bill.issued";
    e.subject = "a";
    e.to_kind = "number";
    e.to_ref = "13800138000";
    e.not_before = noon;
    e.expires_at = noon + 1h;
    std::set<std::uint64_t> seen{content_hash_of(e, "{}")};
    const auto differs = [&](const event& other, std::string_view data) {
        return seen.insert(content_hash_of(other, data)).second;
    };
    CHECK(differs(e, "{\"a\":1}"));
    for (auto member : {&event::type, &event::subject, &event::to_kind, &event::to_ref}) {
        auto other = e;
        (other.*member) += "x";
        CHECK(differs(other, "{}"));
    }
    for (auto member : {&event::not_before, &event::expires_at}) {
        auto other = e;
        (other.*member) += 1us;
        CHECK(differs(other, "{}"));
    }
    auto moved = e; // the same octets, cut elsewhere
    moved.type = "bill.issueda";
    moved.subject = "";
    CHECK(differs(moved, "{}"));

    auto same = e;
    same.key = "other";
    same.run = "other";
    same.outbox_id = 7;
    same.occurred_at = same.created_at = same.received_at = noon;
    CHECK(content_hash_of(same, "{}") == content_hash_of(e, "{}"));
    // Remembered for 400 days: the hash of a known event must never change.
    CHECK(content_hash_of(event{}, "{}") == 0x367101a0b9c7f332ULL);
}

} // namespace time_test

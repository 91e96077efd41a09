#include "inbound/repeats.hpp"

#include <doctest/doctest.h>

namespace repeats_test {

using namespace posthorn;
using namespace posthorn::inbound;
using namespace std::chrono_literals;

namespace {

constexpr instant start = from_micros(1'760'000'000'000'000);

inbound_text text(posthorn::id id, std::string what, duration after) {
    return {.id = id,
            .account = 1,
            .sender = "8613800000001",
            .recipient = "10690000",
            .octets = std::move(what),
            .at = start + after};
}

void remember(repeats& r, const inbound_text& t) { r.remember(t, t.at); }

void lose(repeats& r, name_id account, duration after, instant proven = {}) {
    r.link_lost(account, start + after, proven, start + after);
}

} // namespace

TEST_CASE("inbound: the same text again is a new one while the link stays") {
    repeats r;
    remember(r, text(1, "YE", 0s));
    CHECK(r.original_of(text(2, "YE", 1s)) == 0);
}

TEST_CASE("inbound: after a lost link, what was received just before may come again, once each") {
    repeats r;
    remember(r, text(1, "YE", 0s)); // surely acknowledged
    remember(r, text(2, "YE", 2min));
    remember(r, text(3, "DF", 2min));
    lose(r, 1, 2min + 1s);
    remember(r, text(4, "HH", 2min + 500ms)); // was received before, committed after
    CHECK(r.original_of(text(5, "YE", 3min)) == 2);
    CHECK(r.original_of(text(6, "YE", 3min)) == 0);
    CHECK(r.original_of(text(7, "HH", 3min)) == 4);
    CHECK(r.original_of(text(8, "CD", 3min)) == 0);
    CHECK(r.original_of(text(9, "DF", 13min)) == 0); // so late that it is a wish of its own
}

TEST_CASE("inbound: only the account that lost its link brings texts again") {
    repeats r;
    remember(r, text(1, "YE", 0s));
    lose(r, 2, 1s);
    CHECK(r.original_of(text(2, "YE", 2s)) == 0);
}

TEST_CASE("inbound: other words, senders, numbers and codings are no repetition") {
    repeats r;
    const auto original = text(1, "YE", 0s);
    auto other = original;
    remember(r, original);
    lose(r, 1, 1s);
    SUBCASE("octets") { other.octets = "YF"; }
    SUBCASE("sender") { other.sender = "8613800000002"; }
    SUBCASE("recipient") { other.recipient = "10690001"; }
    SUBCASE("coding") { other.data_coding = 8; }
    CHECK(r.original_of(other) == 0);
    CHECK(r.original_of(original) == 1);
}

TEST_CASE("inbound: a start hours later still knows the last texts before it") {
    repeats r;
    remember(r, text(1, "YE", 0s));
    r.link_lost(1, start, {}, start + 3h);
    CHECK(r.original_of(text(2, "YE", 3h + 1min)) == 1);
}

TEST_CASE("inbound: what the carrier surely knows to be acknowledged is not brought again") {
    repeats r;
    remember(r, text(1, "YE", 0s));
    remember(r, text(2, "DF", 10s));
    lose(r, 1, 20s, start + 5s); // it answered what was sent at 5 s
    CHECK(r.original_of(text(3, "YE", 30s)) == 0);
    CHECK(r.original_of(text(4, "DF", 30s)) == 2);
}

TEST_CASE("inbound: a text that the carrier brings a third time is still the first one") {
    repeats r;
    remember(r, text(1, "YE", 0s));
    lose(r, 1, 1s);
    CHECK(r.original_of(text(2, "YE", 2s)) == 1);
    lose(r, 1, 3s);
    CHECK(r.original_of(text(3, "YE", 4s)) == 1);
}

} // namespace repeats_test

#include "policy/opted_out.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>

namespace opted_out_test {

using namespace posthorn;
using namespace posthorn::policy;

namespace {

constexpr auto billing = category_set::of(category::billing);
constexpr auto marketing = category_set::of(category::marketing);

posthorn::id who_forbids(const opted_out& all, std::string_view number, category c) {
    const auto e = all.forbids(number, c);
    return e ? e->id : 0;
}

} // namespace

TEST_CASE("opted out: each category is kept back by the entry that named it first") {
    opted_out all;
    CHECK(all.empty());
    CHECK_FALSE(all.forbids("8613800000001", category::billing));
    all.out("8613800000001", billing, {11, consent_way::text});
    all.out("8613800000001", asks_consent, {12, consent_way::agent});
    all.out("8613800000001", asks_consent, {13, consent_way::text}); // changes nothing
    CHECK(who_forbids(all, "8613800000001", category::billing) == 11);
    CHECK(who_forbids(all, "8613800000001", category::marketing) == 12);
    CHECK(all.forbids("8613800000001", category::survey)->how == consent_way::agent);
    CHECK(who_forbids(all, "8613800000001", category::statutory) == 0);
    CHECK(who_forbids(all, "8613800000001", category::staff) == 0);
    CHECK(who_forbids(all, "8613800000002", category::billing) == 0);
    all.in("8613800000001", marketing);
    CHECK(who_forbids(all, "8613800000001", category::marketing) == 0);
    CHECK(who_forbids(all, "8613800000001", category::survey) == 12);
    all.in("8613800000001", asks_consent);
    CHECK(all.of("8613800000001").empty());
    all.out("8613800000001", marketing, {14, consent_way::import});
    CHECK(all.of("8613800000001") == marketing);
    CHECK(who_forbids(all, "8613800000001", category::marketing) == 14);
}

TEST_CASE("opted out: what is no number is never opted out") {
    opted_out all;
    for (const auto* number : {"", "0", "013800000001", "Minghu", "86138x", "1234567890123456"}) {
        CAPTURE(number);
        all.out(number, asks_consent, {1, consent_way::text});
        CHECK(all.of(number).empty());
    }
    CHECK(all.empty());
    all.out("999999999999999", asks_consent, {1, consent_way::text}); // the largest
    CHECK(all.of("999999999999999") == asks_consent);
}

TEST_CASE("opted out: an address is one as a number is, and neither is taken for the other") {
    opted_out all;
    all.out("zhang@example.net", billing, {7, consent_way::email});
    CHECK(who_forbids(all, "zhang@example.net", category::billing) == 7);
    CHECK(who_forbids(all, "zhang@example.net", category::marketing) == 0);
    CHECK(who_forbids(all, "zhang@example.com", category::billing) == 0);
    CHECK(reason_of(category::billing, *all.forbids("zhang@example.net", category::billing))
              .find(" by email (entry 7)") != std::string::npos);
    all.in("zhang@example.net", asks_consent);
    CHECK(all.of("zhang@example.net").empty());
}

TEST_CASE("opted out: many numbers that come and go are as one list would have them") {
    std::mt19937 random(7);
    opted_out all;
    std::map<std::string, std::uint8_t> expected;
    for (int i = 1; i <= 200'000; ++i) {
        const auto number = std::to_string(8613800000000 + random() % 20'000);
        const auto which = category_set{static_cast<std::uint8_t>(random() & asks_consent.bits)};
        if (random() % 3 == 0) {
            all.in(number, which);
            expected[number] &= static_cast<std::uint8_t>(~which.bits);
        } else {
            all.out(number, which, {i, consent_way::text});
            expected[number] |= which.bits;
        }
    }
    for (const auto& [number, bits] : expected)
        if (all.of(number).bits != bits)
            FAIL_CHECK(number);
    CHECK(all.octets() <= std::size_t{4} << 20); // what has come back does not pile up
}

TEST_CASE("opted out: a million take 32 MiB") {
    opted_out all;
    all.expect(1'000'000);
    for (int i = 0; i < 1'000'000; ++i)
        all.out(std::to_string(8613800000000 + i), asks_consent, {i + 1, consent_way::text});
    CHECK(all.octets() == std::size_t{32} << 20);
    CHECK(who_forbids(all, "8613800999999", category::billing) == 1'000'000);
}

TEST_CASE("opted out: the reason names category, time, way and entry") {
    const auto entry = first_id_at(from_micros(1'764'130'200'000'000));
    CHECK(reason_of(category::billing, {entry, consent_way::text}) ==
          "opted out of billing on 2025-11-26 04:10 UTC by text (entry " + std::to_string(entry) +
              ")");
}

} // namespace opted_out_test

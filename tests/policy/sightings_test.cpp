// What is remembered of a key, and how much memory it takes.
#include "policy/sightings.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

namespace sightings_test {

using namespace posthorn;
using namespace posthorn::policy;
using namespace std::chrono_literals;

namespace {

constexpr instant start = from_micros(1'760'000'000'000'000);

} // namespace

TEST_CASE("sightings: whatever is added and removed, the count is that of a plain list") {
    std::mt19937 random(7);
    sightings seen;
    std::map<std::uint64_t, std::vector<instant>> plain;
    for (int step = 0; step < 20'000; ++step) {
        const std::uint64_t key = 1 + random() % 300;
        auto& mine = plain[key];
        const auto now = start + std::chrono::seconds(step);
        if (random() % 4 != 0) {
            seen.add(key, now, start);
            mine.push_back(now);
        } else if (!mine.empty()) {
            const auto i = random() % mine.size();
            seen.remove(key, mine[i]);
            mine.erase(mine.begin() + static_cast<std::ptrdiff_t>(i));
        }
        const auto since = start + std::chrono::seconds(random() % 20'000);
        const auto counted = std::ranges::count_if(mine, [&](instant t) { return t >= since; });
        CHECK(seen.count(key, since) == counted);
        CHECK(seen.last(key) == (mine.empty() ? std::nullopt : std::optional(mine.back())));
    }
    seen.remove(5);
    CHECK(seen.count(5, {}) == 0);
    seen.remove(5, start);
    CHECK(seen.last(5) == std::nullopt);
}

TEST_CASE("sightings: an hour's worth for ever takes no more memory than two or three hours") {
    sightings seen;
    std::uint64_t key = 0;
    std::size_t most = 0;
    for (int minute = 0; minute < 24 * 60; ++minute) {
        const auto now = start + std::chrono::minutes(minute);
        for (int i = 0; i < 100; ++i)
            seen.add(++key, now, now - 1h);
        most = std::max(most, seen.octets());
    }
    CHECK(seen.count(key, start) == 1);
    CHECK(most <= 16'384 * 16); // 6,000 an hour
}

} // namespace sightings_test

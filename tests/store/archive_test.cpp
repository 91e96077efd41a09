// Months of history: which may go.
#include "store/archive.hpp"

#include "store/store_bench.hpp"

#include <doctest/doctest.h>

#include <fstream>

namespace archive_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

namespace {

using names = std::vector<std::string>;
constexpr auto every_key = first_id_at(start_of_time + std::chrono::days(10'000));

outcome finished(bench& b, const std::string& key) {
    const auto made = b.add(key, b.crm);
    b.tell(made.message, part_event::accept);
    b.tell(made.message, part_event::deliver);
    return made;
}

} // namespace

TEST_CASE("archive: a month goes when all of it is too old, though it is open") {
    bench b;
    const auto one = finished(b, "K-1"); // 2025-10-09
    archive months(b.folder / "live.db", b.folder / "history");
    REQUIRE(months.copy(std::span(&one.message, 1), start_of_time).size() == 1);
    std::ofstream(b.folder / "history/of-yore.db") << "mine";
    const auto month = b.folder / "history/2025-10.db";
    const auto much_later = start_of_time + 24h * 300;
    const auto end_of_month = start_of_time + 24h * 22;

    CHECK(months.drop(end_of_month, much_later, every_key).empty()); // its last day is not too old
    CHECK(months.drop(end_of_month + 24h, much_later, every_key) == names{"2025-10"});
    CHECK(!fs::exists(month));
    CHECK(!fs::exists(month.string() + "-wal"));
    CHECK(!months.correct({7, one.message, 1, part_event::deliver, "", much_later}));
    CHECK(!fs::exists(month)); // and nothing brings it back
    CHECK(fs::exists(b.folder / "history/of-yore.db"));
}

TEST_CASE("archive: the present and the previous month never go") {
    bench b;
    const auto one = finished(b, "K-1");
    archive months(b.folder / "live.db", b.folder / "history");
    months.copy(std::span(&one.message, 1), start_of_time);
    const auto next_month = start_of_time + 24h * 40;
    CHECK(months.drop(next_month, next_month, every_key).empty());
    CHECK(months.drop(next_month + 24h * 900, next_month, every_key).empty());
}

TEST_CASE(
    "archive: a month with keys that are in no slice yet stays until they need not be known") {
    bench b;
    const auto one = finished(b, "K-1");
    archive months(b.folder / "live.db", b.folder / "history");
    months.copy(std::span(&one.message, 1), start_of_time);
    const auto at = start_of_time + 24h * 399, past = start_of_time + 24h * 401;
    CHECK(months.drop(at, at, one.event - 1).empty());
    CHECK(months.drop(past, past, one.event - 1) == names{"2025-10"});
}

} // namespace archive_test

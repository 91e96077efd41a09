// What the teller clears away, by a clock of the test.
#include "feedback/teller.hpp"

#include "store/store_bench.hpp"

#include <doctest/doctest.h>

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace fs = std::filesystem;

namespace {

// One run of the teller's thread, from start to stop.
void tell_once(bench& b, instant now, duration keep_history) {
    feedback::teller teller({.live = b.folder / "live.db",
                             .history = b.folder / "history",
                             .results = b.folder / "result",
                             .sources = {.names = {{b.crm, "crm"}}, .keep_history = keep_history},
                             .now = [now] { return now; },
                             .complain = [](std::string_view what) { FAIL(what); }},
                            *b.writer);
    teller.start();
    teller.stop();
    b.commit({}); // what it submitted is committed
}

operation deed(std::string what, instant at) {
    return {.who = "li", .what = std::move(what), .at = at};
}

} // namespace

TEST_CASE("teller: months and operations older than keep_history go, and that is noted") {
    bench b;
    const auto old = b.add("K-1", b.crm);
    b.tell(old.message, part_event::accept);
    b.tell(old.message, part_event::deliver);
    b.archive_it(old, start_of_time, false, true);
    std::vector<op> ops;
    ops.emplace_back(deed("pause", start_of_time));
    ops.emplace_back(deed("resume", start_of_time + 9600h));
    b.commit(std::move(ops));
    const auto month = b.folder / "history/2025-10.db";
    REQUIRE(fs::exists(month));

    const auto later = start_of_time + 24h * 420;
    tell_once(b, later, 24h * 500);
    CHECK(fs::exists(month));
    CHECK(b.read.operations({}, 10).size() == 2);

    tell_once(b, later, 24h * 30);
    CHECK(!fs::exists(month));
    CHECK(!fs::exists(month.string() + "-wal"));
    CHECK(!fs::exists(month.string() + "-shm"));
    const auto left = b.read.operations({}, 10);
    REQUIRE(left.size() == 2);
    CHECK(left[0].done.what == "forget");
    CHECK(left[0].done.which == "history 2025-10");
    CHECK(left[0].done.reason == "keep_history is 30d");
    CHECK(left[1].done.what == "resume");
}

// What each source has handed in within a time, counted from the rows of live.db and history.
#include "store/taken_in.hpp"

#include "store/store_bench.hpp"

#include <doctest/doctest.h>

namespace taken_in_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

outcome add_at(bench& b, const std::string& key, name_id source, instant at) {
    auto adding = b.adding(key, source, 1);
    adding.at = at;
    std::vector<op> ops;
    ops.emplace_back(std::move(adding));
    return b.commit(std::move(ops)).front();
}

outcome finished(bench& b, const std::string& key, name_id source, instant at) {
    const auto made = add_at(b, key, source, at);
    b.tell(made.message, part_event::accept, 1, true, at);
    b.tell(made.message, part_event::deliver, 1, true, at);
    return made;
}

} // namespace

TEST_CASE("store: an event counts once for its source, wherever it lies, and only in its time") {
    bench b;
    const auto midnight = start_of_time + 2h;
    const auto counted = [&](instant from, instant until) {
        return taken_in(b.folder / "live.db", b.folder / "history", from, until);
    };
    CHECK(counted(start_of_time, midnight).empty());
    add_at(b, "yesterday", b.crm, midnight - 1us);
    add_at(b, "first", b.crm, midnight);
    add_at(b, "other", b.billing, midnight + 1h);
    const auto gone = finished(b, "gone", b.crm, midnight + 2h);
    const auto both = finished(b, "both", b.crm, midnight + 3h);
    b.archive_it(gone, midnight + 4h, false, true);
    b.archive_it(both, midnight + 4h, false, false);
    add_at(b, "next", b.crm, midnight + 5h);
    b.add("first", b.crm); // a duplicate is no event
    using counts = std::map<name_id, std::int64_t>;
    CHECK(counted(midnight, midnight + 24h) == counts{{b.crm, 4}, {b.billing, 1}});
    CHECK(counted(midnight, midnight + 2h) == counts{{b.crm, 1}, {b.billing, 1}});
    CHECK(counted(midnight + 2h, midnight + 4h) == counts{{b.crm, 2}});
    CHECK(counted(start_of_time, midnight) == counts{{b.crm, 1}});
}

TEST_CASE("store: what cannot be counted is said") {
    const scratch_folder folder;
    try {
        taken_in(folder / "live.db", folder / "history", start_of_time, start_of_time + 1h);
        FAIL("nothing was said");
    } catch (const std::runtime_error& e) {
        CHECK(std::string(e.what()).find("live.db") != std::string::npos);
    }
}

} // namespace taken_in_test

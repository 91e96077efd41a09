// Looking for messages, page by page, in live.db and in history.
#include "store/search.hpp"

#include "store/store_bench.hpp"

namespace search_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;

namespace {

std::vector<std::string> keys(const search_page& page) {
    std::vector<std::string> out;
    for (const auto& row : page.rows)
        out.push_back(row.event.key + " " + row.state);
    return out;
}

using words = std::vector<std::string>;

} // namespace

TEST_CASE("search: what is parked comes first, then live work, then history, page by page") {
    bench b;
    const auto old = b.add("K-1", b.crm);
    b.tell(old.message, part_event::accept);
    b.tell(old.message, part_event::deliver);
    b.archive_it(old, start_of_time, false, true);
    const auto copied = b.add("K-2", b.crm); // in both places: live.db tells of it
    b.tell(copied.message, part_event::reject);
    b.archive_it(copied, start_of_time, false, false);
    b.add("K-3", b.billing);
    b.add("K-4", b.crm, 1, "no such type");
    search look(b.folder / "live.db", b.folder / "history");
    const words all{"K-4 parked", "K-3 sending", "K-2 rejected", "K-1 delivered"};
    CHECK(keys(look.find({}, "", 10)) == all);

    words paged;
    std::string after;
    do {
        const auto page = look.find({}, after, 1);
        CHECK(page.rows.size() <= 1);
        CHECK(page.in_time);
        for (const auto& k : keys(page))
            paged.push_back(k);
        after = page.after;
    } while (!after.empty());
    CHECK(paged == all);
}

TEST_CASE("search: messages are found by source, number, state and time") {
    bench b;
    const auto one = b.add("K-1", b.crm);
    b.tell(one.message, part_event::reject);
    b.add("K-2", b.billing);
    search look(b.folder / "live.db", b.folder / "history");
    const struct {
        search_query query;
        words found;
    } rows[] = {
        {{.source = "crm"}, {"K-1 rejected"}},
        {{.source = "erp"}, {}},
        {{.type = "bill.issued", .number = "8613800000000"}, {"K-2 sending", "K-1 rejected"}},
        {{.number = "8613800000001"}, {}},
        {{.run = "r"}, {}},
        {{.state = message_state::rejected}, {"K-1 rejected"}},
        {{.parked = true}, {}},
        {{.since = start_of_time + std::chrono::hours(1)}, {}},
        {{.until = start_of_time}, {}}};
    for (const auto& row : rows)
        CHECK(keys(look.find(row.query, "", 10)) == row.found);
    CHECK_THROWS_AS(look.find({}, "nonsense", 10), read_failed);
}

} // namespace search_test

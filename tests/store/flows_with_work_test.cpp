// However long a queue is, who asks which flows have work reads no more than a row of each.
#include "store/empty_database.hpp"
#include "store/flows_with_work.hpp"

#include <doctest/doctest.h>
#include <sqlite3.h>

namespace flows_with_work_test {

using namespace posthorn;
using namespace posthorn::store;

TEST_CASE("flows with work: each with its earliest, and none is gone through") {
    auto db = live_db::empty_database();
    db.exec("BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<20000) "
            "INSERT INTO queue SELECT 3, 1, 1, 1000+i, i FROM n; "
            "INSERT INTO queue VALUES(3, 1, 2, 7, 50000), (4, 0, 1, 5, 50001); COMMIT");
    int steps = 0; // of 100 instructions each
    sqlite3_progress_handler(
        db.getHandle(), 100, [](void* n) { return ++*static_cast<int*>(n), 0; }, &steps);
    const auto flows = flows_with_work(db);
    REQUIRE(flows.size() == 3);
    CHECK(flows.at({3, priority::normal, 1}) == from_micros(1001));
    CHECK(flows.at({3, priority::normal, 2}) == from_micros(7));
    CHECK(flows.at({4, priority::urgent, 1}) == from_micros(5));
    CHECK(steps < 20);
}

} // namespace flows_with_work_test

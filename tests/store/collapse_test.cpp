// What a failed commit changed of the households in memory is taken back with it.
#include "store/empty_database.hpp"
#include "store/sqlite/applier_collapse.hpp"

#include <doctest/doctest.h>

namespace collapse_test {

using namespace posthorn;
using namespace posthorn::store;

TEST_CASE("collapse: households are those of the table, also after a commit that failed") {
    auto db = live_db::empty_database();
    collapse_applier a(db);
    a.waits(1, 77);
    a.keep();
    db.exec("BEGIN");
    a.waits(2, 88);
    a.waits(1, 99);
    a.gone(1);
    db.exec("ROLLBACK");
    a.undo();
    CHECK(a.household_of(1) == 77);
    CHECK(a.household_of(2) == 0);
    a.gone(1);
    a.keep();
    CHECK(statement(db, "SELECT 1 FROM household").row() == false);
}

} // namespace collapse_test

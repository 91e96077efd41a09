// Households of messages stand in live.db, and nowhere else.
#include "store/empty_database.hpp"
#include "store/sqlite/applier_collapse.hpp"
#include "store/store_bench.hpp"

#include <doctest/doctest.h>

#include <future>

namespace collapse_test {

using namespace posthorn;
using namespace posthorn::store;
using live_db::start_of_time;

TEST_CASE("collapse: nobody looks for households while no message is of one, whatever fails") {
    auto db = live_db::empty_database();
    collapse_applier a(db);
    CHECK_FALSE(a.any());
    a.waits(1, 77);
    CHECK(a.any());
    a.end_transaction();
    CHECK(a.any());
    CHECK(collapse_applier(db).any()); // after a restart
    db.exec("BEGIN");
    a.gone(1);
    db.exec("ROLLBACK");
    a.end_transaction();
    CHECK(a.any());
    a.gone(1);
    a.end_transaction();
    CHECK_FALSE(a.any());
    CHECK_FALSE(statement(db, "SELECT 1 FROM household").row());
    db.exec("BEGIN");
    a.waits(2, 88);
    db.exec("ROLLBACK");
    a.end_transaction();
    CHECK_FALSE(a.any());
}

TEST_CASE("collapse: a message is claimed with its household, and others without") {
    live_db::bench b;
    for (const std::uint64_t household : {0ULL, 18'000'000'000'000'000'000ULL, 5ULL}) {
        auto taken = b.adding("k" + std::to_string(household), b.crm, 1);
        taken.message.parts.front().state = part_state::queued;
        taken.message.household = household;
        b.done(std::move(taken));
    }
    std::promise<claimed> done;
    b.writer->claim({b.sms, priority::normal, b.crm}, start_of_time + std::chrono::hours(1), 10,
                    [&](claimed c) { done.set_value(std::move(c)); });
    std::vector<std::uint64_t> found;
    for (const auto& m : done.get_future().get().messages)
        found.push_back(m.household);
    CHECK(found == std::vector<std::uint64_t>{0, 18'000'000'000'000'000'000ULL, 5});
}

} // namespace collapse_test

#include "store/last_text.hpp"

#include "store/store_bench.hpp"

namespace last_text_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

TEST_CASE("last text: the newest of these types that left for the number") {
    bench b;
    search messages(b.folder / "live.db", b.folder / "history");
    const std::string number = "8613800000000"; // of every message of the bench
    const auto last = [&](std::vector<std::string> types, instant since = start_of_time - 1h) {
        return last_text_of(messages, number, types, since);
    };
    CHECK_FALSE(last({"bill.issued"}));
    const auto first = b.add("K1", b.crm);
    CHECK(last({"bill.issued"}) ==
          start_of_time); // it may be on the phone before its answer is here
    b.tell(first.message, part_event::accept);
    CHECK(last({"bill.issued"}) == start_of_time);
    b.tell(first.message, part_event::deliver, 1, true, start_of_time + 5min);
    CHECK(last({"bill.issued"}) == start_of_time + 5min);
    const auto refused = b.add("K2", b.crm);
    b.tell(refused.message, part_event::reject);
    CHECK(last({"ad.spring", "bill.issued"}) == start_of_time + 5min); // that one never left
    CHECK_FALSE(last({"ad.spring"}));
    CHECK_FALSE(last({}));
    CHECK_FALSE(last({"bill.issued"}, start_of_time + 1h));
    CHECK_FALSE(last_text_of(messages, "8613800000001", {"bill.issued"}, start_of_time - 1h));
}

} // namespace last_text_test

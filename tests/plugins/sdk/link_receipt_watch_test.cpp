#include "sdk/link/receipt_watch.hpp"

#include <doctest/doctest.h>

namespace link_receipt_watch_test {

using namespace std::chrono_literals;
using posthorn::sdk::receipt_watch;

TEST_CASE("receipt watch: links are renewed once in the time, and only after texts") {
    const receipt_watch::time start(1h);
    receipt_watch watch(10min);
    CHECK(watch.due() == receipt_watch::time::max());
    CHECK(watch.next_look(start) == start + 10min);
    CHECK(!watch.renews(start, start + 1h)); // nothing was sent
    CHECK(watch.accepted(start));
    CHECK(!watch.accepted(start + 1min)); // not the first
    CHECK(watch.due() == start + 10min);
    CHECK(watch.next_look(start + 9min) == start + 10min);
    watch.arrived();
    CHECK(!watch.renews(start, start + 11min));
    CHECK(watch.accepted(start + 12min));
    CHECK(!watch.renews(start, start + 21min));
    CHECK(watch.renews(start, start + 22min));
    CHECK(watch.renews(start + 1min, start + 22min)); // every link that was bound before
    CHECK(!watch.renews(start + 23min, start + 24min));
    CHECK(watch.renewals() == 1);
    watch.accepted(start + 24min);
    CHECK(!watch.renews(start + 23min, start + 33min));
    CHECK(watch.renews(start + 23min, start + 34min));
    CHECK(watch.learned().front().second == "2 times");
    receipt_watch never(0s);
    CHECK(!never.accepted(start));
    CHECK(!never.renews(start, start + 24h));
    CHECK(never.next_look(start) == receipt_watch::time::max());
    CHECK(never.learned().empty());
}

} // namespace link_receipt_watch_test

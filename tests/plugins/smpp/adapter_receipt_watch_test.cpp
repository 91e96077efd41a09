// Receipts that stop on a live link, and what an account with rebind_without_receipts does about
// it.
#include "plugins/smpp/adapter_fixture.hpp"
#include "plugins/smpp/simulated_carrier.hpp"
#include "smpp/adapter/receipt_watch.hpp"

namespace adapter_receipt_watch_test {

using namespace posthorn;
using namespace posthorn::tests;
using smpp::receipt_watch;

TEST_CASE("smpp receipt watch: links are renewed once in the time, and only after texts") {
    const receipt_watch::time start(1h);
    receipt_watch watch(10min);
    CHECK(watch.due() == receipt_watch::time::max());
    CHECK(!watch.renews(start, start + 1h)); // nothing was sent
    CHECK(watch.accepted(start));
    CHECK(!watch.accepted(start + 1min)); // not the first
    CHECK(watch.due() == start + 10min);
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
    CHECK(watch.renewals() == 2);
    receipt_watch never(0s);
    CHECK(!never.accepted(start));
    CHECK(!never.renews(start, start + 24h));
}

namespace {

// The adapter at the simulator.
struct simulated_fixture : smpp_fixture {
    smpp_test::simulated_carrier carrier;
    simulated_fixture() { number("port", carrier.port()); }
    void start_bound() {
        start();
        host.until([&] { return host.open_slots > 0; });
    }
};

} // namespace

TEST_CASE_FIXTURE(simulated_fixture,
                  "smpp adapter: receipts that stop until a rebind come after the watchdog's") {
    duration("rebind_without_receipts", 200ms);
    carrier.command("fault receipts-stop:once");
    start_bound();
    submit(1, 3);
    until_given(3);
    CHECK(host.receipts.empty());
    host.until([&] { return host.receipts.size() == 3; });
    CHECK(host.given[1].what == kind::accepted);
    CHECK(carrier.stat("binds") == 2);
    CHECK(carrier.stat("submits") == 3);
    const auto learned = (*adapter)->learned();
    REQUIRE(!learned.empty());
    CHECK(learned.back().first == "bound again for want of receipts");
    CHECK(learned.back().second == "1 times");
}

TEST_CASE_FIXTURE(simulated_fixture, "smpp adapter: without the watchdog a link stays as it is") {
    carrier.command("fault receipts-stop:once");
    start_bound();
    submit(1, 1);
    until_given(1);
    (*adapter)->probe([](auto) {});
    CHECK(carrier.comes_to("receipts_made", 1));
    CHECK(carrier.stat("receipts_sent") == 0);
    CHECK((*adapter)->learned().back().first != "bound again for want of receipts");
}

} // namespace adapter_receipt_watch_test

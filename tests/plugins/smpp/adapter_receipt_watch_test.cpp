// Receipts that stop on a live link, and what an account with rebind_without_receipts does about
// it.
#include "plugins/receipts_that_stop.hpp"
#include "plugins/smpp/adapter_fixture.hpp"
#include "plugins/smpp/simulated_carrier.hpp"

namespace adapter_receipt_watch_test {

using namespace posthorn;
using namespace posthorn::tests;

TEST_CASE("smpp adapter: receipts that stop until a rebind come after the watchdog's") {
    receipts_that_stop_come_over_a_new_link<smpp_fixture, smpp::simulator::server>(
        smpp::simulator::options{});
}

TEST_CASE("smpp adapter: without the watchdog a link stays as it is") {
    smpp_test::simulated_carrier carrier;
    smpp_fixture account;
    account.number("port", carrier.port());
    carrier.command("fault receipts-stop:once");
    account.start();
    account.host.until([&] { return account.host.open_slots > 0; });
    account.submit(1, 1);
    account.until_given(1);
    (*account.adapter)->probe([](auto) {});
    CHECK(carrier.comes_to("receipts_made", 1));
    CHECK(carrier.stat("receipts_sent") == 0);
    CHECK((*account.adapter)->learned().back().first != "bound again for want of receipts");
    carrier.stop(); // before the account ends
}

} // namespace adapter_receipt_watch_test

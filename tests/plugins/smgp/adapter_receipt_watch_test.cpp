#include "plugins/receipts_that_stop.hpp"
#include "plugins/smgp/adapter_fixture.hpp"
#include "smgp/simulator/server.hpp"

namespace adapter_receipt_watch_test {

using namespace posthorn;

TEST_CASE("smgp adapter: receipts that stop until a login come after the watchdog's") {
    tests::receipts_that_stop_come_over_a_new_link<tests::smgp_fixture, smgp::simulator::server>(
        smgp::simulator::options{});
}

} // namespace adapter_receipt_watch_test

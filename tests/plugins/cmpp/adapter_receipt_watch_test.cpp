#include "cmpp/simulator/server.hpp"
#include "plugins/cmpp/adapter_fixture.hpp"
#include "plugins/receipts_that_stop.hpp"

namespace adapter_receipt_watch_test {

using namespace posthorn;

TEST_CASE("cmpp adapter: receipts that stop until a login come after the watchdog's") {
    tests::receipts_that_stop_come_over_a_new_link<tests::cmpp_fixture, cmpp::simulator::server>(
        cmpp::simulator::options{});
}

} // namespace adapter_receipt_watch_test

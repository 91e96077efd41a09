#include "plugins/receipts_that_stop.hpp"
#include "plugins/sgip/adapter_fixture.hpp"
#include "sgip/simulator/server.hpp"

namespace adapter_receipt_watch_test {

using namespace posthorn;

TEST_CASE("sgip adapter: reports that stop until a BIND come after the watchdog's") {
    sgip::simulator::options chosen;
    chosen.report_over_link = true;
    tests::receipts_that_stop_come_over_a_new_link<tests::sgip_fixture, sgip::simulator::server>(
        chosen);
}

} // namespace adapter_receipt_watch_test

#include "sdk/china_time.hpp"

#include <doctest/doctest.h>

namespace china_time_test {

using namespace posthorn::sdk;
using std::chrono::seconds;
using std::chrono::sys_seconds;

TEST_CASE("sdk: times are written as a clock in China shows them") {
    CHECK(month_to_second(sys_seconds(seconds(1795339845))) == 1122093045); // 2026-11-22 09:30:45
    CHECK(month_to_second(sys_seconds(seconds(1735693509))) == 101010509);
    CHECK(month_to_second(china_clock(sys_seconds(seconds(1795339845)) - china_is_ahead)) ==
          1122093045);
    CHECK(month_to_second(china_clock(sys_seconds(seconds(1735693509)) - china_is_ahead)) ==
          101010509);
    CHECK(china_time(sys_seconds(seconds(1795339845)) - china_is_ahead).text() ==
          "261122093045032+");
    CHECK(china_time(sys_seconds(seconds(1798732800))).text() == "270101000000032+"); // 16:00 UTC
    CHECK(china_time(instant(seconds(1795339845)) + duration(999'999)).text().substr(10, 2) ==
          "45");
}

} // namespace china_time_test

#include "model/lockout.hpp"

#include <doctest/doctest.h>

namespace lockout_test {

using namespace posthorn;
using namespace std::chrono_literals;

TEST_CASE("lockout: the fifth wrong try locks, each after it for twice as long, a day at most") {
    const auto at = from_micros(1'760'000'000'000'000);
    struct row {
        unsigned tries;
        duration wait;
    };
    for (const auto& r :
         {row{0, 0s}, row{1, 0s}, row{4, 0s}, row{5, 15min}, row{6, 30min}, row{7, 1h},
          row{11, 16h}, row{12, 24h}, row{13, 24h}, row{4'000'000'000U, 24h}}) {
        CAPTURE(r.tries);
        CHECK(locked_until({}, r.tries, at) == (r.wait == 0s ? instant{} : at + r.wait));
    }
    CHECK(locked_until({.tries = 1, .locked_for = 1s}, 1, at) == at + 1s);
    CHECK(locked_until({.tries = 2, .locked_for = 48h}, 2, at) == at + 24h);
}

} // namespace lockout_test

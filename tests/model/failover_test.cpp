#include "model/failover.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace failover_test {

using namespace posthorn;
using enum part_state;

TEST_CASE("failover: a text goes once more only while all of it is with its account") {
    const struct {
        std::vector<part_state> parts;
        bool holding, resending; // by what its type does with uncertain parts
    } rows[] = {
        {{submitted}, true, true},
        {{submitted, submitted}, true, true},
        {{submitted, delivered}, true, true},
        {{submitted, undelivered}, true, true},
        {{submitted, unconfirmed}, true, true},
        {{submitted, unresolved}, false, true},
        {{submitted, rejected}, false, false},
        {{submitted, cancelled}, false, false},
        {{submitted, expired}, false, false},
        {{queued}, false, false},
        {{sending}, false, false},
        {{uncertain}, false, false},
        {{submitted, uncertain}, false, false}, // it is settled first
        {{submitted, sending}, false, false},
        {{submitted, queued}, false, false},
        {{delivered}, false, false},
        {{undelivered}, false, false},
        {{rejected}, false, false},
        {{delivered, delivered}, false, false},
        {{cancelled}, false, false},
        {{unconfirmed}, false, false},
        {{unresolved}, false, false},
    };
    for (const auto& row : rows) {
        CAPTURE(&row - rows);
        CHECK(may_fail_over(row.parts, on_uncertain::hold) == row.holding);
        CHECK(may_fail_over(row.parts, on_uncertain::resend) == row.resending);
    }
}

} // namespace failover_test

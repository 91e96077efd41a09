#include "model/hours_text.hpp"

#include <doctest/doctest.h>

namespace hours_text_test {

using namespace posthorn;

TEST_CASE("hours: are read as people write them, and shown in one way") {
    struct row {
        const char *written, *shown;
    };
    for (const auto& r : {row{"8-20", "08:00-20:00"},
                          {"08:00-21:30", "08:00-21:30"},
                          {"22:00-06:00", "22:00-06:00"},
                          {"0-24", "00:00-24:00"},
                          {"18-24", "18:00-24:00"},
                          {"18:00-0:00", "18:00-24:00"}}) {
        CAPTURE(r.written);
        const auto h = hours_from(r.written);
        REQUIRE(h);
        CHECK(shown(*h) == r.shown);
        CHECK(hours_from(r.shown) == h);
    }
    for (const auto* bad : {"", "8", "8-", "-8", "8-8", "8-25", "24-8", "8:5-9", "8:60-9",
                            "8:00-24:01", "8-20x", "008-20", "8 - 20", "8:000-20"}) {
        CAPTURE(bad);
        CHECK(!hours_from(bad));
    }
    CHECK(hours_from("0-24")->all_day());
}

} // namespace hours_text_test

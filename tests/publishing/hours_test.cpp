// When a subscriber has an item.
#include "publishing/hours.hpp"

#include "templates/calendar.hpp"

#include <doctest/doctest.h>

namespace hours_test {

using namespace posthorn;
using namespace posthorn::publishing;

namespace {

instant at(const char* written, const char* zone = "Asia/Shanghai") {
    return from_micros(*templates::parse_time(written, *templates::zone::named(zone)));
}

} // namespace

TEST_CASE("hours: what comes at other times waits for the subscriber's hours") {
    struct row {
        int from, to;
        const char *now, *then;
    };
    const auto shanghai = *templates::zone::named("Asia/Shanghai");
    for (const auto& r : {
             row{0, 0, "2026-11-26T03:00", "2026-11-26T03:00"}, // all day
             row{8 * 60, 21 * 60, "2026-11-26T03:00", "2026-11-26T08:00"},
             row{8 * 60, 21 * 60, "2026-11-26T08:00", "2026-11-26T08:00"},
             row{8 * 60, 21 * 60, "2026-11-26T20:59", "2026-11-26T20:59"},
             row{8 * 60, 21 * 60, "2026-11-26T21:00", "2026-11-27T08:00"},
             row{20 * 60, 6 * 60, "2026-11-26T03:00", "2026-11-26T03:00"}, // over midnight
             row{20 * 60, 6 * 60, "2026-11-26T06:00", "2026-11-26T20:00"},
             row{20 * 60, 6 * 60, "2026-11-26T23:00", "2026-11-26T23:00"},
             row{18 * 60, 24 * 60, "2026-11-26T23:59", "2026-11-26T23:59"},
             row{18 * 60, 24 * 60, "2026-11-27T00:00", "2026-11-27T18:00"},
         }) {
        CAPTURE(r.now);
        CAPTURE(r.then);
        const day_hours hours{static_cast<std::int16_t>(r.from), static_cast<std::int16_t>(r.to)};
        CHECK(first_within(hours, at(r.now), shanghai) == at(r.then));
    }
    const char* berlin = "Europe/Berlin"; // the hour from 02:00 on does not exist on that day
    CHECK(first_within({150, 600}, at("2026-03-29T01:00", berlin),
                       *templates::zone::named(berlin)) == at("2026-03-29T03:30", berlin));
}

} // namespace hours_test

#include "cli/when.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>

namespace when_test {

using namespace posthorn;
using namespace posthorn::cli;

TEST_CASE("when: RFC 3339 times with a zone are read to the microsecond") {
    struct row {
        const char* text;
        std::int64_t micros;
    };
    for (const auto& r :
         {row{"1970-01-01T00:00:00Z", 0}, row{"2026-11-02T09:00:00Z", 1793610000000000},
          row{"2026-11-02T17:00:00+08:00", 1793610000000000},
          row{"2026-11-02T04:30:00-04:30", 1793610000000000},
          row{"2026-11-02 09:00:00.5Z", 1793610000500000},
          row{"2026-11-02t09:00:00.1234567z", 1793610000123456},
          row{"2024-02-29T00:00:00Z", 1709164800000000}}) {
        CAPTURE(r.text);
        const auto t = parse_time(r.text);
        REQUIRE(t.has_value());
        CHECK(to_micros(*t) == r.micros);
    }
}

TEST_CASE("when: what is no such time is refused with an example") {
    for (const auto* text :
         {"", "2026-11-02", "2026-11-02T09:00:00", "2026-13-02T09:00:00Z", "2026-02-29T09:00:00Z",
          "2026-11-02T24:00:00Z", "2026-11-02T09:60:00Z", "2026-11-02T09:00:00.Z",
          "2026-11-02T09:00:00+8:00", "2026-11-02T09:00:00Zx", "2-11-02T09:00:00Z", "tomorrow"}) {
        CAPTURE(text);
        const auto t = parse_time(text);
        REQUIRE_FALSE(t.has_value());
        CHECK(t.error().reason.find("2026-11-02T09:00:00+08:00") != std::string::npos);
    }
}

TEST_CASE("when: people read local time, and what is no time stays as it is") {
    setenv("TZ", "Asia/Shanghai", 1);
    tzset();
    CHECK(local_time(from_micros(1793610000500000)) == "2026-11-02 17:00:00");
    CHECK(shown_time("2026-11-02T09:00:00.5Z") == "2026-11-02 17:00:00.500");
    CHECK(shown_time("soon") == "soon");
    CHECK(shown_time("").empty());
}

} // namespace when_test

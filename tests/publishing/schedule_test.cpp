// When a topic's query is asked: cron expressions, ends of months, dates; and clocks that change.
#include "publishing/schedule.hpp"

#include <doctest/doctest.h>

#include "templates/calendar.hpp"

namespace schedule_test {

using namespace posthorn;
using namespace posthorn::publishing;

namespace {

using topics::schedule_kind;

result<schedule> read(schedule_kind kind, std::vector<std::string> texts,
                      const char* zone = "Asia/Shanghai") {
    return schedule::read({kind, std::move(texts)}, *templates::zone::named(zone));
}

result<schedule> cron(const char* written, const char* zone = "Asia/Shanghai") {
    return read(schedule_kind::cron, {written}, zone);
}

result<schedule> month_end(const char* written) {
    return read(schedule_kind::month_end, {written});
}

result<schedule> dates(std::vector<std::string> written) {
    return read(schedule_kind::dates, std::move(written));
}

instant at(const char* written, const char* zone = "Asia/Shanghai") {
    return from_micros(*templates::parse_time(written, *templates::zone::named(zone)));
}

} // namespace

TEST_CASE("schedule: the next occurrence is the first that its clock shows after a moment") {
    struct row {
        result<schedule> at;
        const char *after, *next;
    };
    for (const auto& r : {
             row{cron("30 18 * * 1-5"), "2026-11-26T18:29:59", "2026-11-26T18:30"},
             row{cron("30 18 * * 1-5"), "2026-11-26T18:30", "2026-11-27T18:30"},
             row{cron("30 18 * * 1-5"), "2026-11-27T18:30", "2026-11-30T18:30"},
             row{cron("30 18 * * MON-fri"), "2026-11-27T19:00", "2026-11-30T18:30"},
             row{cron("*/15 8-18 * * *"), "2026-11-26T08:01", "2026-11-26T08:15"},
             row{cron("*/15 8-18 * * *"), "2026-11-26T18:45", "2026-11-27T08:00"},
             row{cron("0 9 1,15 jan,jul *"), "2026-11-26T00:00", "2027-01-01T09:00"},
             row{cron("10-50/20 0 * * 7"), "2026-11-26T00:00", "2026-11-29T00:10"},
             row{cron("0 9 29 2 *"), "2026-11-26T00:00", "2028-02-29T09:00"},
             row{cron("0 9 29 2 *"), "2096-03-01T00:00", "2104-02-29T09:00"}, // 2100 has none
             row{cron("0 9 31 * *"), "2026-11-26T00:00", "2026-12-31T09:00"},
             row{cron("0 9 13 * fri"), "2026-11-26T00:00", "2026-11-27T09:00"},  // either
             row{cron("0 9 */2 * fri"), "2026-11-21T00:00", "2026-11-27T09:00"}, // both
             row{month_end("18:00"), "2026-11-26T00:00", "2026-11-30T18:00"},
             row{month_end("18:00"), "2028-02-01T00:00", "2028-02-29T18:00"},
             row{month_end("00:05"), "2026-11-30T00:05", "2026-12-31T00:05"},
             row{dates({"2026-12-31T09:00", "2026-12-01T08:30"}), "2026-11-26T00:00",
                 "2026-12-01T08:30"},
             row{dates({"2026-12-31T09:00", "2026-12-01T08:30"}), "2026-12-01T08:30",
                 "2026-12-31T09:00"},
         }) {
        CAPTURE(r.after);
        CAPTURE(r.next);
        REQUIRE(r.at.has_value());
        CHECK(r.at->next(at(r.after)) == at(r.next));
    }
}

TEST_CASE("schedule: dates that are over come no more") {
    const auto s = dates({"2026-12-31T09:00"});
    REQUIRE(s.has_value());
    CHECK_FALSE(s->next(at("2026-12-31T09:00")));
}

TEST_CASE("schedule: the newest occurrence lies in the time asked about, or there is none") {
    const auto s = cron("0 9,17 * * *");
    REQUIRE(s.has_value());
    CHECK(s->newest(at("2026-11-20T00:00"), at("2026-11-26T12:00")) == at("2026-11-26T09:00"));
    CHECK(s->newest(at("2026-11-20T00:00"), at("2026-11-26T09:00")) == at("2026-11-26T09:00"));
    CHECK(s->newest(at("2026-11-20T00:00"), at("2026-11-26T08:59")) == at("2026-11-25T17:00"));
    CHECK_FALSE(s->newest(at("2026-11-26T09:00"), at("2026-11-26T12:00")));
    const auto dated = dates({"2026-12-01T09:00", "2026-12-31T09:00"});
    REQUIRE(dated.has_value());
    CHECK(dated->newest(at("2026-11-01T00:00"), at("2027-01-01T00:00")) == at("2026-12-31T09:00"));
    CHECK_FALSE(dated->newest(at("2026-12-31T09:00"), at("2027-01-01T00:00")));
}

TEST_CASE("schedule: where the clock changes nothing is left out and nothing comes twice") {
    const char* berlin = "Europe/Berlin"; // 2026-03-29 02:00 -> 03:00, 2026-10-25 03:00 -> 02:00
    const auto daily = cron("30 2 * * *", berlin);
    REQUIRE(daily.has_value());
    CHECK(daily->next(at("2026-03-28T12:00", berlin)) == at("2026-03-29T03:30", berlin));
    CHECK(daily->next(at("2026-03-29T03:30", berlin)) == at("2026-03-30T02:30", berlin));
    CHECK(daily->next(at("2026-10-24T12:00", berlin)) == at("2026-10-25T00:30:00Z"));
    CHECK(daily->next(at("2026-10-25T00:30:00Z")) == at("2026-10-26T02:30", berlin));
    const auto often = cron("*/30 * * * *", berlin);
    REQUIRE(often.has_value());
    CHECK(often->next(at("2026-03-29T01:30", berlin)) == at("2026-03-29T03:00", berlin));
    CHECK(often->next(at("2026-03-29T03:00", berlin)) == at("2026-03-29T03:30", berlin));
    CHECK(often->newest(at("2026-03-29T00:00", berlin), at("2026-03-29T03:10", berlin)) ==
          at("2026-03-29T03:00", berlin));
}

TEST_CASE("schedule: a mistake is told with what to write instead") {
    struct row {
        result<schedule> at;
        const char* what;
    };
    for (const auto& r : {
             row{cron("30 18 * *"), "has 4 fields, and needs five"},
             row{cron("@daily"), "has 1 fields, and needs five"},
             row{cron("60 18 * * *"), "minute '60': '60' is none: 0 to 59"},
             row{cron("0 24 * * *"), "hour '24'"},
             row{cron("0 9 0 * *"), "day '0'"},
             row{cron("0 9 * 13 *"), "month '13': '13' is none: 1 to 12, or jan to dec"},
             row{cron("0 9 * * monday"), "weekday 'monday': 'monday' is none: 0 to 7, or sun"},
             row{cron("0 9 * * fri-mon"), "goes backwards"},
             row{cron("5/10 * * * *"), "write '5-59/10'"},
             row{cron("*/0 * * * *"), "no step above zero"},
             row{cron("1,,2 * * * *"), "'' is none"},
             row{cron("0 9 30 2 *"), "no month of '2' has a day '30': it would never come"},
             row{cron("0 9 31 feb,apr,jun,sep,nov *"), "it would never come"},
             row{month_end("18"), "like '18:00', not '18'"},
             row{month_end("25:00"), "like '18:00', not '25:00'"},
             row{month_end("18:00Z"), "is a time of the day"},
             row{dates({"2026-02-30T09:00"}), "not a time like"},
             row{read(schedule_kind::dates, {}), "is empty"},
             row{dates({"2026-12-01T09:00", "2026-12-01T09:00"}), "names the same time twice"},
         }) {
        CAPTURE(r.what);
        REQUIRE_FALSE(r.at.has_value());
        CHECK(r.at.error().reason.find(r.what) != std::string::npos);
    }
}

} // namespace schedule_test

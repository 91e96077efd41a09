// When a category is quiet: over midnight, around holidays, and where the clock changes.
#include "policy/quiet_hours.hpp"

#include "model/time_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace quiet_hours_test {

using namespace posthorn;
using namespace posthorn::policy;
using namespace std::chrono_literals;

namespace {

constexpr day_hours night{21 * 60, 8 * 60};
constexpr day_hours all_day{};

instant at(const char* rfc3339) {
    const auto t = time_from(rfc3339);
    REQUIRE(t);
    return *t;
}

// October 2026: Thursday 1 to Saturday 3 are holidays, Saturday 10 is worked.
std::shared_ptr<const holidays> october() {
    auto known = std::make_shared<holidays>();
    for (int d = 1; d <= 3; ++d)
        known->add(std::chrono::year(2026) / 10 / d, "国庆节");
    known->add_workday(std::chrono::year(2026) / 10 / 10);
    return known;
}

quiet_hours hours(hours_by_day all, const char* zone = "Asia/Shanghai") {
    return {all, october(), *templates::zone::named(zone)};
}

// "quiet until 2026-…Z", "loud until …"
std::string told(const quiet_hours& q, const char* t) {
    const auto p = q.at(at(t));
    return (p.quiet ? "quiet until " : "loud until ") + rfc3339(p.ends);
}

} // namespace

TEST_CASE("quiet hours: each moment lies in one period, and is told its end") {
    struct row {
        const char* what;
        hours_by_day all;
        const char* t;
        const char* told;
    };
    const row rows[] = {
        {"by day",
         {night, night, night},
         "2026-11-26T12:00:00+08:00",
         "loud until 2026-11-26T13:00:00Z"},
        {"in the evening, over midnight",
         {night, night, night},
         "2026-11-26T21:00:00+08:00",
         "quiet until 2026-11-27T00:00:00Z"},
        {"the last moment of the day",
         {night, night, night},
         "2026-11-26T20:59:59+08:00",
         "loud until 2026-11-26T13:00:00Z"},
        {"after midnight",
         {night, night, night},
         "2026-11-27T03:00:00+08:00",
         "quiet until 2026-11-27T00:00:00Z"},
        {"the last moment of the night",
         {night, night, night},
         "2026-11-27T07:59:59.999999+08:00",
         "quiet until 2026-11-27T00:00:00Z"},
        {"its end is not of it",
         {night, night, night},
         "2026-11-27T08:00:00+08:00",
         "loud until 2026-11-27T13:00:00Z"},
        {"within one day",
         {day_hours{12 * 60, 14 * 60}, night, night},
         "2026-11-26T13:30:00+08:00",
         "quiet until 2026-11-26T06:00:00Z"},
        {"up to midnight",
         {day_hours{21 * 60, 0}, night, night},
         "2026-11-26T22:00:00+08:00",
         "quiet until 2026-11-26T16:00:00Z"},
        {"the eve of holidays that are quiet all day",
         {night, night, all_day},
         "2026-09-30T22:00:00+08:00",
         "quiet until 2026-10-04T00:00:00Z"},
        {"the eve of holidays that are not quiet",
         {night, night, std::nullopt},
         "2026-09-30T22:00:00+08:00",
         "quiet until 2026-09-30T16:00:00Z"},
        {"on such a holiday",
         {night, night, std::nullopt},
         "2026-10-02T23:00:00+08:00",
         "loud until 2026-10-03T16:00:00Z"},
        {"a holiday with longer hours",
         {night, night, day_hours{20 * 60, 10 * 60}},
         "2026-10-01T09:00:00+08:00",
         "quiet until 2026-10-01T02:00:00Z"},
        {"the night to a holiday ends by its hours",
         {night, night, day_hours{20 * 60, 10 * 60}},
         "2026-09-30T21:00:00+08:00",
         "quiet until 2026-10-01T02:00:00Z"},
        {"a quiet weekend",
         {night, all_day, night},
         "2026-11-27T21:30:00+08:00",
         "quiet until 2026-11-30T00:00:00Z"},
        {"a weekend that is a holiday counts as one",
         {night, all_day, std::nullopt},
         "2026-10-03T12:00:00+08:00",
         "loud until 2026-10-03T16:00:00Z"},
        {"a Saturday that is worked",
         {night, all_day, night},
         "2026-10-10T12:00:00+08:00",
         "loud until 2026-10-10T13:00:00Z"},
        {"and the Sunday after it",
         {night, all_day, night},
         "2026-10-10T21:00:00+08:00",
         "quiet until 2026-10-12T00:00:00Z"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.what);
        CHECK(told(hours(row.all), row.t) == row.told);
    }
}

TEST_CASE("quiet hours: they are those of the wall clock where it changes") {
    struct row {
        const char* what;
        day_hours usual;
        const char* t;
        const char* told;
    };
    const row rows[] = {
        {"the short night", night, "2026-03-28T20:00:00Z", "quiet until 2026-03-29T06:00:00Z"},
        {"the long night", night, "2026-10-24T19:00:00Z", "quiet until 2026-10-25T07:00:00Z"},
        {"an end that the clock skips",
         {22 * 60, 2 * 60 + 30},
         "2026-03-29T00:00:00Z",
         "quiet until 2026-03-29T01:30:00Z"},
        {"an end that it shows twice: the first",
         {22 * 60, 2 * 60 + 30},
         "2026-10-25T00:00:00Z",
         "quiet until 2026-10-25T00:30:00Z"},
        {"and then no more",
         {22 * 60, 2 * 60 + 30},
         "2026-10-25T00:45:00Z",
         "loud until 2026-10-25T21:00:00Z"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.what);
        const auto q = hours({row.usual, row.usual, row.usual}, "Europe/Berlin");
        CHECK(told(q, row.t) == row.told);
    }
    // Where the clock goes back at midnight, a date begins before the one before it has ended.
    const auto havana = hours({day_hours{23 * 60, 8 * 60}, std::nullopt, std::nullopt},
                              "America/Havana"); // Sunday 1 November 2026, 01:00 becomes 00:00
    CHECK(havana.at(at("2026-11-02T12:30:00Z")).quiet);
    CHECK(!havana.at(at("2026-11-01T04:30:00Z")).quiet);
}

TEST_CASE("quiet hours: every moment of a year is in the period that the one before told") {
    for (const char* zone : {"Asia/Shanghai", "Europe/Berlin", "America/Havana", "Asia/Tehran"}) {
        CAPTURE(zone);
        const auto q = hours({night, day_hours{22 * 60, 9 * 60}, all_day}, zone);
        auto p = q.at(at("2026-01-01T00:00:00Z"));
        int periods = 0;
        for (auto t = at("2026-01-01T00:00:00Z"); t < at("2027-01-01T00:00:00Z"); t += 7min) {
            if (t >= p.ends) {
                const bool before = p.quiet;
                p = q.at(p.ends);
                CHECK(p.quiet != before);
                ++periods;
            }
            const auto now = q.at(t);
            if (now.quiet != p.quiet || now.ends != p.ends)
                FAIL(rfc3339(t) << " is told otherwise than " << rfc3339(p.ends));
        }
        CHECK(periods > 700);
    }
}

TEST_CASE("quiet hours: what never ends is told in pieces") {
    const auto q = hours({all_day, all_day, all_day});
    const auto p = q.at(at("2026-11-26T12:00:00Z"));
    CHECK(p.quiet);
    CHECK(p.ends > at("2026-11-26T12:00:00Z") + 30 * 24h);
    const auto never = hours({std::nullopt, std::nullopt, std::nullopt});
    CHECK(!never.at(at("2026-11-26T12:00:00Z")).quiet);
}

TEST_CASE("quiet hours: the hours of a day are told as people read them") {
    const auto q = hours({night, std::nullopt, all_day});
    CHECK(q.shown_at(at("2026-11-26T22:00:00+08:00")) == "21:00-08:00");
    CHECK(q.shown_at(at("2026-10-02T12:00:00+08:00")) == "all day (国庆节)");
    CHECK(q.shown_at(at("2026-11-28T12:00:00+08:00")) == "none");
}

} // namespace quiet_hours_test

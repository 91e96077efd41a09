// When steps are due, and what becomes of an event's data.
#include "timers/maker.hpp"

#include "model/time_text.hpp"
#include "templates/data.hpp"
#include "timers/types.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

namespace maker_test {

using namespace posthorn;
using namespace posthorn::timers;
using namespace timer_types;
namespace json = boost::json;

namespace {

instant at(const char* text) {
    const auto t = time_from(text);
    REQUIRE(t);
    return *t;
}

event bill(const std::string& more = "") {
    return {.source = "billing",
            .key = "b-1",
            .type = "bill.issued",
            .subject = "A-1",
            .to_kind = "number",
            .to_ref = "13800000000",
            .data = R"({"account":"A-1","amount":"5.00","due_date":"2026-11-30")" + more + "}",
            .occurred_at = at("2026-11-20T02:00:00Z")};
}

timer one_step(const std::string& due, const std::string& data = "      pay_by: 2026-12-31\n",
               const std::string& zone = "Asia/Shanghai") {
    return good_timer("name: arrears\nstarts_with: [bill.issued]\nsteps:\n  - type: arrears.first\n"
                      "    " +
                          due + "\n    data:\n" + data,
                      zone);
}

std::string due_of(const timer& t, const event& e, instant now = {}) {
    maker m;
    const auto begun = m.steps_of(t, e, now);
    REQUIRE_MESSAGE(begun.has_value(), begun.error().reason);
    return begun->empty() ? "none" : rfc3339(begun->front().due_at);
}

std::string data_of(const timer& t, const event& e, const char* now) {
    maker m;
    const auto made = m.event_of(t, t.steps.front(), e, at(now), at(now));
    return made ? made->data : made.error().reason;
}

} // namespace

TEST_CASE("timers: a step is due by the calendar and the clock of the zone") {
    struct row {
        const char *zone, *due, *data, *then;
    };
    for (const auto& r : std::vector<row>{
             {"Asia/Shanghai", "at: {field: due_date, plus: 3d, time: \"10:00\"}", "",
              "2026-12-03T02:00:00Z"}, // over the end of a month
             {"Asia/Shanghai", "at: {field: due_date, plus: -1d, time: \"18:30\"}", "",
              "2026-11-29T10:30:00Z"},
             {"Asia/Shanghai", "at: {field: due_date, plus: 90d, time: \"10:00\"}", "",
              "2027-02-28T02:00:00Z"},
             // a month without such a day: its last
             {"Asia/Shanghai", "at: {field: due_date, plus: 3mo, time: \"10:00\"}", "",
              "2027-02-28T02:00:00Z"},
             {"Asia/Shanghai", "at: {field: due_date, plus: 15mo, time: \"10:00\"}", "",
              "2028-02-29T02:00:00Z"},
             {"Asia/Shanghai", "at: {field: due_date, plus: -1mo, time: \"10:00\"}", "",
              "2026-10-30T02:00:00Z"},
             {"Asia/Shanghai", "at: {plus: 1mo}", "", "2026-12-20T02:00:00Z"},
             {"America/New_York", "at: {field: until, plus: 1mo}", // the clock shows the same
              R"(,"until":"2026-10-31T12:00:00-04:00")", "2026-11-30T17:00:00Z"},
             {"Asia/Shanghai", "at: {field: due_date, time: \"00:00\"}", "",
              "2026-11-29T16:00:00Z"},
             {"Asia/Shanghai", "at: {plus: 2h}", "", "2026-11-20T04:00:00Z"},
             {"Asia/Shanghai", "at: {plus: 30m}", "", "2026-11-20T02:30:00Z"},
             {"Asia/Shanghai", "at: {plus: 1d}", "", "2026-11-21T02:00:00Z"},
             {"Asia/Shanghai", "at: {plus: 1d, time: \"09:00\"}", "", "2026-11-21T01:00:00Z"},
             {"Asia/Shanghai", "at: {field: until}", R"(,"until":"2026-11-30T16:00:00+08:00")",
              "2026-11-30T08:00:00Z"},
             {"Asia/Shanghai", "at: {field: until, plus: -1d, time: \"18:00\"}",
              R"(,"until":"2026-11-30T23:30:00Z")", "2026-11-30T10:00:00Z"}, // there it is December
             {"Asia/Shanghai", "at: {field: until}", "", "none"},            // it has no such time
             // summer time ends on 1 November and begins on 14 March
             {"America/New_York", "at: {field: until, plus: 1d}",
              R"(,"until":"2026-10-31T12:00:00-04:00")", "2026-11-01T17:00:00Z"},
             {"America/New_York", "at: {field: until, plus: 24h}",
              R"(,"until":"2026-10-31T12:00:00-04:00")", "2026-11-01T16:00:00Z"},
             {"America/New_York", "at: {field: until, plus: -1d, time: \"10:00\"}",
              R"(,"until":"2027-03-15T12:00:00-04:00")", "2027-03-14T14:00:00Z"},
             {"America/New_York", "at: {field: until, plus: -1d, time: \"02:30\"}", // skipped
              R"(,"until":"2027-03-15T12:00:00-04:00")", "2027-03-14T07:30:00Z"},
             {"America/New_York",
              "at: {field: until, plus: 0d, time: \"01:30\"}", // twice: the first
              R"(,"until":"2026-11-01T12:00:00-05:00")", "2026-11-01T05:30:00Z"},
         }) {
        CAPTURE(r.due);
        CAPTURE(r.data);
        CHECK(due_of(one_step(r.due, "      pay_by: 2026-12-31\n", r.zone), bill(r.data)) ==
              r.then);
    }
}

TEST_CASE("timers: what occurred when is said, written or taken in") {
    const auto t = one_step("at: {plus: 1h}");
    auto e = bill();
    e.created_at = at("2026-11-21T02:00:00Z");
    e.received_at = at("2026-11-22T02:00:00Z");
    CHECK(due_of(t, e) == "2026-11-20T03:00:00Z");
    e.occurred_at = {};
    CHECK(due_of(t, e) == "2026-11-21T03:00:00Z");
    e.created_at = {};
    CHECK(due_of(t, e) == "2026-11-22T03:00:00Z");
}

TEST_CASE("timers: steps whose time is over when the event comes are passed over") {
    const auto t = one_step("at: {field: due_date, plus: 3d, time: \"10:00\"}"); // valid for a day
    CHECK(due_of(t, bill(), at("2026-12-03T02:00:01Z")) == "2026-12-03T02:00:00Z"); // late, in time
    CHECK(due_of(t, bill(), at("2026-12-04T01:59:59Z")) == "2026-12-03T02:00:00Z");
    CHECK(due_of(t, bill(), at("2026-12-04T02:00:00Z")) == "none");
}

TEST_CASE("timers: nothing begins where the condition does not hold") {
    auto t = good_timer("name: arrears\nstarts_with: [bill.issued]\n"
                        "when: amount > 4 and (not balance or balance < 0)\nsteps:\n"
                        "  - {type: balance.low, at: {plus: 1d}}\n");
    CHECK(due_of(t, bill()) != "none");
    CHECK(due_of(t, bill(R"(,"balance":"-1.00")")) != "none");
    CHECK(due_of(t, bill(R"(,"balance":"1.00")")) == "none");
}

TEST_CASE("timers: a step below a limit is due at once, exactly below it") {
    const auto t = good_timer("name: arrears\nstarts_with: [bill.issued]\nsteps:\n"
                              "  - {type: balance.low, below: {field: balance, of: monthly_use, "
                              "percent: 30}}\n");
    struct row {
        const char *data, *rule;
    };
    const auto now = at("2026-12-01T00:00:00Z");
    for (const auto& r : std::vector<row>{
             {R"(,"balance":"2.99","monthly_use":"10.00")", "once"},
             {R"(,"balance":"3.00","monthly_use":"10.00")", "again"},
             {R"(,"balance":"3.01","monthly_use":"10.00")", "again"},
             {R"(,"balance":"-1.00","monthly_use":"0.00")", "once"},
             {R"(,"balance":"-9999999999999.99","monthly_use":"9999999999999.99")", "once"},
             {R"(,"balance":"9999999999999.99","monthly_use":"9999999999999.99")", "again"},
             {R"(,"monthly_use":"10.00")", "none"},
         }) {
        CAPTURE(r.data);
        maker m;
        const auto begun = m.steps_of(t, bill(r.data), now);
        REQUIRE(begun.has_value());
        const std::string rule = begun->empty()                           ? "none"
                                 : begun->front().rule == step_rule::once ? "once"
                                                                          : "again";
        CHECK(rule == r.rule);
        if (!begun->empty())
            CHECK(begun->front().due_at == now);
    }
}

TEST_CASE("timers: the event has the fields of its type, from those of the one that began it") {
    const auto t =
        one_step("at: {field: due_date, plus: 3d, time: \"10:00\"}",
                 "      pay_by: {field: due_date, plus: 10d}\n"
                 "      days: {days_since: due_date}\n"
                 "      cut_at: {field: due_date, plus: 20d, time: \"09:00\"}\n"
                 "      note: '{{ account | last(1) }} of {{ area | default(\"-\") }}'\n");
    const auto made = data_of(t, bill(R"(,"language":"en","other":1)"), "2026-12-03T20:00:00Z");
    CHECK(made == R"({"account":"A-1","amount":"5.00","pay_by":"2026-12-10","days":4,)"
                  R"("cut_at":"2026-12-20T01:00:00Z","note":"1 of -","language":"en"})");

    maker m;
    const auto due = at("2026-12-03T02:00:00Z");
    const auto e = m.event_of(t, t.steps.front(), bill(), due, due);
    REQUIRE(e.has_value());
    CHECK(e->source == "billing");
    CHECK(e->key == "b-1/arrears.first");
    CHECK(e->type == "arrears.first");
    CHECK(e->subject == "A-1");
    CHECK(e->to_kind == "number");
    CHECK(e->to_ref == "13800000000");
    CHECK(e->occurred_at == bill().occurred_at);
    CHECK(e->expires_at == due + std::chrono::hours(24)); // counted from when it was due
    CHECK(e->outbox_id == 0);
}

TEST_CASE("timers: whom the event is for may hang on its data") {
    const auto t =
        good_timer("name: arrears\nstarts_with: [bill.issued]\nsteps:\n"
                   "  - type: staff.told\n    at: {plus: 1d}\n"
                   "    to: {kind: role, ref: 'manager@{{ area | default(\"all\") }}'}\n");
    maker m;
    const auto e = m.event_of(t, t.steps.front(), bill(R"(,"area":"s1")"), {}, {});
    REQUIRE(e.has_value());
    CHECK(e->to_kind == "role");
    CHECK(e->to_ref == "manager@s1");
}

TEST_CASE("timers: data that does not fit is refused with a reason, whatever it is") {
    const auto t = one_step("at: {plus: 1d}");
    maker m;
    for (const auto* data :
         {"", "[]", "{", R"({"account":1})", R"({"account":"A","amount":"x"})"}) {
        CAPTURE(data);
        auto e = bill();
        e.data = data;
        CHECK_FALSE(m.steps_of(t, e, {}).has_value());
        CHECK_FALSE(m.event_of(t, t.steps.front(), e, {}, {}).has_value());
    }
    auto other = bill();
    other.type = "balance.low"; // the file began with it once
    CHECK_FALSE(m.event_of(t, t.steps.front(), other, {}, {}).has_value());
}

TEST_CASE("timers: keys stay within their length, and apart") {
    CHECK(key_of("b-1", "arrears.first") == "b-1/arrears.first");
    const auto a = key_of(std::string(254, 'a') + "1", "arrears.first");
    const auto b = key_of(std::string(254, 'a') + "2", "arrears.first");
    CHECK(a.size() <= 255);
    CHECK(a != b);
    CHECK(a.ends_with("/arrears.first"));
}

TEST_CASE("timers: what is made belongs to the run of the event that began it") {
    const auto t = one_step("at: {plus: 1d}");
    auto e = bill();
    e.run = "bills-2026-11";
    maker m;
    const auto made =
        m.event_of(t, t.steps.front(), e, at("2026-11-21T02:00:00Z"), at("2026-11-21T02:00:00Z"));
    REQUIRE(made.has_value());
    CHECK(made->run == "bills-2026-11");
}

} // namespace maker_test

// What files of timers say, and every mistake with its place.
#include "cli/scratch.hpp"
#include "timers/types.hpp"

#include <doctest/doctest.h>

namespace timer_file_test {

using namespace posthorn;
using namespace posthorn::timers;
using namespace timer_types;

namespace {

const std::string good = "name: arrears\n"
                         "starts_with: [bill.issued]\n"
                         "when: amount > 0\n"
                         "steps:\n"
                         "  - type: arrears.first\n"
                         "    at: {field: due_date, plus: 3d, time: \"10:00\"}\n"
                         "    data:\n"
                         "      pay_by: {field: due_date, plus: 10d}\n"
                         "  - type: balance.low\n"
                         "    below: {field: balance, of: monthly_use, percent: 50}\n"
                         "  - type: staff.told\n"
                         "    at: {field: until, plus: -2h}\n"
                         "    to: {kind: role, ref: 'manager@{{ area | default(\"\") }}'}\n";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), with);
}

// LINE: PATH: WHAT, joined.
std::string mistakes_of(const std::string& text) {
    settings::problem_list problems;
    read_timer(text, "arrears.yaml", types_in(), problems);
    std::string out;
    for (const auto& p : problems)
        out += std::to_string(p.line) + ": " + p.path + ": " + p.what + "\n";
    return out;
}

} // namespace

TEST_CASE("timers: a file says what begins and what is made when") {
    const auto t = good_timer(good);
    CHECK(t.name == "arrears");
    CHECK(t.enabled);
    REQUIRE(t.steps.size() == 3);
    const auto& first = std::get<moment>(t.steps[0].due);
    CHECK(first.field == "due_date");
    CHECK(first.days == std::chrono::days(3));
    CHECK(first.clock == std::chrono::minutes(600));
    CHECK(std::get<below>(t.steps[1].due).percent == 50);
    CHECK(std::get<moment>(t.steps[2].due).more == -std::chrono::hours(2));
    REQUIRE(t.steps[2].to);
    CHECK(t.steps[2].to->kind == to_kind::role);
    CHECK(t.step_of("balance.low") == &t.steps[1]);
    CHECK(t.step_of("balance.lo") == nullptr);
    CHECK_FALSE(good_timer(replaced(good, "starts_with", "enabled: no\nstarts_with")).enabled);
}

TEST_CASE("timers: mistakes are told with their place") {
    struct row {
        const char *what, *with, *told;
    };
    for (const auto& r : std::vector<row>{
             {"name: arrears", "name: arears", "1: name: must be the name of the file, 'arrears'"},
             {"[bill.issued]", "[bill.isued]",
              "2: starts_with: there is no type 'bill.isued' (did you mean 'bill.issued'?)"},
             {"[bill.issued]", "[]", "2: starts_with: names no type"},
             {"[bill.issued]", "[bill.issued, bill.issued]", "names 'bill.issued' twice"},
             {"amount > 0", "amont > 0", "3: when: for events of bill.issued: "},
             {"amount > 0", "balance > 0", "3: when: for events of bill.issued: "},
             {"arrears.first", "arrears.frist",
              "5: steps[0].type: there is no type 'arrears.frist' (did you mean 'arrears.first'?)"},
             {"type: balance.low", "type: arrears.first", "is made by another step"},
             {"field: due_date, plus: 3d", "field: due_dat, plus: 3d",
              "6: steps[0].at.field: events of bill.issued have no field 'due_dat' (did you mean "
              "'due_date'?)"},
             {"field: due_date, plus: 3d", "field: amount, plus: 3d",
              "'amount' is a money in events of bill.issued, not a date or a time"},
             {"plus: 3d", "plus: 3days", "6: steps[0].at.plus: '3days' is no time like 1mo, 3d"},
             {"plus: 3d", "plus: 1.5mo", "6: steps[0].at.plus: '1.5mo' are no months like 1mo"},
             {"plus: 3d", "plus: 1201mo", "6: steps[0].at.plus: '1201mo' are no months"},
             {"\"10:00\"", "\"25:00\"", "6: steps[0].at.time: '25:00' is no time of the day"},
             {", time: \"10:00\"", "", "steps[0].at.field: 'due_date' is a date: add `time:`"},
             {"at: {field: until, plus: -2h}", "about: x", "has one of at:"},
             {"percent: 50", "percent: 0", "percent: must be 1..100000"},
             {"of: monthly_use", "of: account", "'account' is a text in events of bill.issued"},
             {"pay_by:", "pay_bye:",
              "8: steps[0].data.pay_bye: events of arrears.first have no field 'pay_bye' (did you "
              "mean 'pay_by'?)"},
             {"      pay_by: {field: due_date, plus: 10d}", "      days: {days_since: due_date}",
              "events of bill.issued have no field 'pay_by'"},
             {"pay_by: {field: due_date, plus: 10d}", "pay_by: {days_since: due_date}",
              "is an integer, and 'pay_by' is a date"},
             {"pay_by: {field: due_date, plus: 10d}", "pay_by: {field: amount}",
              "'amount' is a money in events of bill.issued, and 'pay_by' is a date"},
             {"pay_by: {field: due_date, plus: 10d}", "pay_by: soon",
              "steps[0].data: the sample of bill.issued does not make a good event: pay_by:"},
             {"pay_by: {field: due_date, plus: 10d}", "pay_by: '{{ due_dat }}'",
              "steps[0].data.pay_by: for events of bill.issued: "},
             {"kind: role", "kind: area", "type 'staff.told' does not take 'area'"},
             {"    to: {kind: role, ref: 'manager@{{ area | default(\"\") }}'}\n", "",
              "events of bill.issued may be for 'number', which this type does not take"},
             {"steps:", "steps: []\nladder:", "steps: are missing"},
             {"steps:", "stops: 3\nsteps:", "unknown key 'stops' (did you mean 'steps'?)"},
         }) {
        CAPTURE(r.with);
        const auto told = mistakes_of(replaced(good, r.what, r.with));
        CHECK_MESSAGE(told.find(r.told) != std::string::npos, told);
    }
}

TEST_CASE("timers: no text is a file that brings the daemon down") {
    for (const auto* text :
         {"", "x", "[]", "name: [a]\nsteps: {a: b}\nstarts_with: x",
          "name: arrears\nstarts_with: [bill.issued]\nsteps: [1, {}]",
          "steps:\n  - at: x\n  - below: []\n  - data: 7\n    type: balance.low"}) {
        CAPTURE(text);
        CHECK_FALSE(mistakes_of(text).empty());
    }
}

TEST_CASE("timers: one may begin another, but not in a circle") {
    const auto one = [](const std::string& name, const char* from, const char* to) {
        return "name: " + name + "\nstarts_with: [" + from + "]\nsteps:\n  - type: " + to +
               "\n    at: {plus: 1d}\n    data: {account: x}\n";
    };
    const scratch dir;
    dir.write("a.yaml", one("a", "bill.issued", "balance.low"));
    CHECK(load_timers(dir.path, types_in()).problems.empty());
    dir.write("b.yaml", replaced(one("b", "balance.low", "arrears.first"), "account: x",
                                 "amount: \"1.00\", pay_by: 2026-01-01"));
    const auto chain = load_timers(dir.path, types_in());
    CHECK_MESSAGE(chain.problems.empty(), settings::format(chain.problems));
    CHECK(chain.timers.size() == 2);
    dir.write("c.yaml", one("c", "arrears.first", "balance.low"));
    const auto circle = load_timers(dir.path, types_in());
    REQUIRE(circle.problems.size() == 2); // b and c; a only leads there
    CHECK(circle.problems[0].what.find("and so for ever") != std::string::npos);
    CHECK(load_timers(dir.path / "nowhere", types_in()).timers.empty());
}

} // namespace timer_file_test

// Changes of contact numbers and crews' reports: through the writer, and the readers of them.
#include "store/contact_changes.hpp"
#include "store/people.hpp"
#include "store/work_reports.hpp"

#include "store/store_bench.hpp"

#include <doctest/doctest.h>

namespace reports_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

const std::string li = "8613800000001", wang = "8613800000002";
const std::string home = "3100000001";
constexpr auto applied = outcome::code::applied, stale = outcome::code::stale;

struct reports_bench : bench {
    people_reader people{folder / "live.db"};
    contact_reader contacts{folder / "live.db"};
    work_reader work{folder / "live.db"};

    outcome::code import(const std::string& number) {
        return done(
                   store::bind{number, home, binding_way::import, "root", "nightly", start_of_time})
            .what;
    }
    bool is_bound(const std::string& number) { return !people.person_of(number).accounts.empty(); }
    posthorn::id moved() { // from li to wang
        done(store::bind{li, home, binding_way::agent, "root", "asked", start_of_time});
        const auto told = done(change_contact{.account = home,
                                              .from = li,
                                              .to = wang,
                                              .inbound = 5,
                                              .who = li,
                                              .reason = "text",
                                              .owner = {},
                                              .at = start_of_time});
        CHECK(told.what == applied);
        CHECK(told.event != 0);
        return told.event;
    }
};

add_work_report report(std::string area, std::string place, instant begins = start_of_time) {
    return {.number = li,
            .worker = "Li",
            .area = std::move(area),
            .place = std::move(place),
            .work = "cable",
            .begins_at = begins,
            .ends_at = {},
            .inbound = 0,
            .who = "root",
            .at = start_of_time};
}

std::vector<std::string> places_of(const std::vector<work_report>& all) {
    std::vector<std::string> out;
    for (const auto& w : all)
        out.push_back(w.place);
    return out;
}

using words = std::vector<std::string>;

} // namespace

TEST_CASE("reports: a contact number moves at once, and its owner is told in the same commit") {
    reports_bench b;
    b.done(store::bind{li, home, binding_way::agent, "root", "asked", start_of_time});
    change_contact op{.account = home,
                      .from = li,
                      .to = wang,
                      .inbound = 5,
                      .who = li,
                      .reason = "text",
                      .owner = pass_on{.source = b.billing,
                                       .kind = "contact_change",
                                       .inbound = 5,
                                       .number = li,
                                       .recipient = "10690",
                                       .text = "HM",
                                       .data = R"({"account":"3100000001"})",
                                       .at = start_of_time},
                      .at = start_of_time};
    const auto told = b.done(op);
    REQUIRE(told.what == applied);
    CHECK_FALSE(b.is_bound(li));
    CHECK(b.is_bound(wang));
    SQLite::Database live(b.folder / "live.db");
    SQLite::Statement passed(live, "SELECT kind, data FROM passed");
    REQUIRE(passed.executeStep());
    CHECK(passed.getColumn(0).getString() == "contact_change");
    CHECK(passed.getColumn(1).getString() ==
          "{\"change\":\"" + std::to_string(told.event) + "\",\"account\":\"3100000001\"}");
    CHECK_FALSE(passed.executeStep());
    CHECK(b.done(op).what == stale); // it is not bound any more: nobody is told
    passed.reset();
    REQUIRE(passed.executeStep());
    CHECK_FALSE(passed.executeStep());
    const auto found = b.contacts.find({.source = "billing", .state = "waiting"}, 10);
    REQUIRE(found.size() == 1);
    CHECK(found[0].id == told.event);
    CHECK(found[0].from == li);
    CHECK(found[0].to == wang);
    CHECK(found[0].inbound == 5);
    CHECK(found[0].source == "billing");
    CHECK(b.contacts.find({.source = "outages"}, 10).empty());
    CHECK(b.contacts.find({.before = told.event}, 10).empty());
}

TEST_CASE("reports: until the owner has agreed an import moves neither number") {
    reports_bench b;
    const auto id = b.moved();
    CHECK(b.import(li) == stale);
    CHECK_FALSE(b.is_bound(li));
    CHECK(b.done(unbind{wang, home, binding_way::import, "root", "nightly", start_of_time}).what ==
          stale);
    CHECK(b.is_bound(wang));
    SUBCASE("the owner agrees") {
        CHECK(b.done(settle_contact_change{id, true, "token 1", "", start_of_time}).what ==
              applied);
        CHECK(b.contacts.change_of(id)->state == "agreed");
        CHECK(b.contacts.change_of(id)->settled_by == "token 1");
    }
    SUBCASE("the owner shows the new number") {
        b.import(wang);
        CHECK(b.contacts.change_of(id)->state == "agreed");
        CHECK(b.contacts.change_of(id)->settled_by == "import");
    }
    CHECK(b.is_bound(wang));
    CHECK(b.import(li) == applied); // from now on it is the owner's again
    CHECK(b.done(settle_contact_change{id, false, "x", "", start_of_time}).what == stale);
    CHECK(b.is_bound(wang));
}

TEST_CASE("reports: with a change what the new number changed after it is refused too") {
    reports_bench b;
    const std::string third = "8613800000003";
    const auto first = b.moved();
    const auto second = b.done(change_contact{.account = home,
                                              .from = wang,
                                              .to = third,
                                              .inbound = 6,
                                              .who = wang,
                                              .reason = "text",
                                              .owner = {},
                                              .at = start_of_time})
                            .event;
    SUBCASE("refused") {
        b.done(settle_contact_change{first, false, "token 1", "not hers", start_of_time});
        CHECK(b.is_bound(li));
        CHECK_FALSE(b.is_bound(wang));
        CHECK_FALSE(b.is_bound(third));
        CHECK(b.contacts.change_of(second)->state == "refused");
        CHECK(b.done(settle_contact_change{second, false, "x", "", start_of_time}).what == stale);
        CHECK_FALSE(b.is_bound(wang));
    }
    SUBCASE("the owner shows the third") {
        b.import(third);
        CHECK(b.contacts.change_of(first)->state == "agreed");
        CHECK(b.contacts.change_of(second)->state == "agreed");
        CHECK(b.import(li) == applied); // nothing waits any more
    }
}

TEST_CASE("reports: refused, the old number is bound again") {
    reports_bench b;
    const auto id = b.moved();
    CHECK(b.done(settle_contact_change{id, false, "token 1", "not hers", start_of_time}).what ==
          applied);
    CHECK(b.is_bound(li));
    CHECK_FALSE(b.is_bound(wang));
    const auto c = b.contacts.change_of(id);
    REQUIRE(c);
    CHECK(c->state == "refused");
    CHECK(c->settled_reason == "not hers");
    CHECK_FALSE(b.contacts.change_of(id + 1));
    CHECK(b.contacts.find({.state = "waiting"}, 10).empty());
}

TEST_CASE("reports: what crews work on is found by area, number and time, until it is over") {
    reports_bench b;
    const auto first = b.done(report("east", "a")).event;
    b.done(report("east", "b", start_of_time - 48h));
    b.done(report("west", "c"));
    CHECK(places_of(b.work.find({}, 10)) == words{"c", "b", "a"});
    CHECK(places_of(b.work.find({}, 2)) == words{"c", "b"});
    CHECK(places_of(b.work.find({.area = "east"}, 10)) == words{"b", "a"});
    CHECK(places_of(b.work.find({.area = "east", .over_before = start_of_time - 24h}, 10)) ==
          words{"a"});
    CHECK(b.work.find({.area = "north"}, 10).empty());
    CHECK(b.work.find({.number = wang}, 10).empty());
    CHECK(b.work.report_of(first)->worker == "Li");
    const auto again = b.done(report("east", "a")).event; // replaces what was said before
    CHECK(again != first);
    CHECK(places_of(b.work.find({.area = "east", .number = li}, 10)) == words{"a", "b"});
    CHECK_FALSE(b.work.report_of(first));
    CHECK(b.done(end_work_report{again, "root", start_of_time}).what == applied);
    CHECK(b.done(end_work_report{again, "root", start_of_time}).what == stale);
    CHECK(places_of(b.work.find({.area = "east"}, 10)) == words{"b"});
}

} // namespace reports_test

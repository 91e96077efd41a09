// Whom events for many concern, and how far they have come.
#include "store/audience.hpp"

#include "store/archive.hpp"
#include "store/audience_query.hpp"
#include "store/changes.hpp"
#include "store/recount.hpp"
#include "store/store_bench.hpp"

#include <doctest/doctest.h>

#include <functional>

namespace audience_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;

namespace {

constexpr auto applied = outcome::code::applied, stale = outcome::code::stale;

// substation s1 ─ feeder f1 ─ transformers t1, t2; substation s2 ─ t9
struct audience_bench : bench {
    audience_reader audiences{folder / "live.db"};

    audience_bench() {
        for (const auto& [area, parent] :
             {std::pair{"s1", ""}, std::pair{"f1", "s1"}, std::pair{"t1", "f1"},
              std::pair{"t2", "f1"}, std::pair{"s2", ""}, std::pair{"t9", "s2"}})
            done(put_area{.area = area, .parent = parent, .name = {}});
    }
    void meter(const std::string& account, const std::string& area, const std::string& customer,
               const std::vector<std::string>& numbers, const std::string& contact = "") {
        done(put_customer_account{.account = account,
                                  .name = "name of " + account,
                                  .area = area,
                                  .tier = {},
                                  .language = "zh-CN",
                                  .customer = customer,
                                  .at = start_of_time});
        for (const auto& number : numbers)
            done(store::bind{.number = number,
                             .account = account,
                             .how = binding_way::import,
                             .at = start_of_time,
                             .contact = contact});
    }
    void person(const std::string& number, const std::string& role, const std::string& area) {
        done(put_person{.number = number,
                        .name = "P" + number,
                        .role = role,
                        .area = area,
                        .at = start_of_time});
    }
    some_recipients first(const audience& whom, std::size_t limit) {
        return audiences.recipients({{whom, {}, {}}}, limit).at(0);
    }
    // As the expansion of an event to an area goes: "1 a, 2 b", each turn behind a semicolon.
    std::string told(const audience& whom, std::size_t limit) {
        ++told_;
        add_event taken = adding("told-" + std::to_string(told_), crm, 1);
        taken.message.parts.clear();
        taken.for_many = true;
        taken.event.to_kind = "area";
        const auto event = done(taken).event;
        std::string out;
        for (bool last = false; !last;) {
            const auto open = audiences.open(event - 1, start_of_time, 1).at(0);
            const rest_of_audience rest{.of = whom,
                                        .after_number = open.through_number,
                                        .after_account = open.through_account,
                                        .first = !open.others,
                                        .event = event};
            const auto some = audiences.recipients({rest}, limit).at(0);
            out += open.others || some.first || some.whom.empty() ? "" : "; ";
            for (const auto& r : some.whom) {
                out += (out.empty() || out.back() == ' ' ? "" : ", ") + r.number + " " + r.account;
                add_recipient one{.event = event, .message = make_message(1), .at = start_of_time};
                one.message.recipient = r.number;
                one.first = some.first;
                done(one);
            }
            last = some.last;
            done(advance_expansion{.event = event,
                                   .through_number = last ? "" : some.whom.back().number,
                                   .through_account = last ? "" : some.whom.back().account,
                                   .done = last,
                                   .at = start_of_time,
                                   .others = !some.first});
            if (between)
                between();
        }
        return out;
    }
    std::function<void()> between; // two chunks
    // "1 a, 2 b": numbers and accounts, `limit` at a time.
    std::string of(const audience& whom, std::size_t limit = 100) {
        std::string out, number, account;
        for (;;) {
            const auto some = audiences.recipients({{whom, number, account}}, limit).at(0).whom;
            for (const auto& r : some)
                out += (out.empty() ? "" : ", ") + r.number +
                       (r.account.empty() ? "" : " " + r.account);
            if (some.empty())
                return out;
            number = some.back().number;
            account = some.back().account;
        }
    }

private:
    int told_ = 0;
};

} // namespace

TEST_CASE("audience: an account's numbers, or those for one kind of notice") {
    audience_bench b;
    b.meter("a", "t1", "c1", {"1"}, "payer");
    b.meter("a", "t1", "c1", {"2"}, "technical");
    b.meter("a", "t1", "c1", {"3"});
    CHECK(b.of({.kind = to_kind::account, .ref = "a"}) == "1 a, 2 a, 3 a");
    CHECK(b.of({.kind = to_kind::account, .ref = "a", .contacts = {"payer"}}) == "1 a, 3 a");
    CHECK(b.of({.kind = to_kind::account, .ref = "b"}).empty());
    CHECK(b.of({.kind = to_kind::account, .ref = "a", .contacts = {"x' OR '1'='1"}}) == "3 a");
    CHECK(b.audiences.is_known(to_kind::account, "a"));
    CHECK(b.audiences.is_known(to_kind::customer, "c1"));
    CHECK_FALSE(b.audiences.is_known(to_kind::account, "c1"));
    CHECK_FALSE(b.audiences.is_known(to_kind::customer, "a"));
    CHECK_FALSE(b.audiences.is_known(to_kind::customer, ""));
    const auto first = b.first({.kind = to_kind::account, .ref = "a"}, 1).whom;
    REQUIRE(first.size() == 1);
    CHECK(first[0].account_name == "name of a");
    CHECK(first[0].customer == "c1");
    CHECK(first[0].language == "zh-CN");
}

TEST_CASE("audience: many are asked for at once, and answered until enough are found") {
    audience_bench b;
    b.meter("a", "t1", "c1", {"1", "2"});
    b.meter("b", "t1", "c2", {"3"});
    b.meter("c", "t1", "c3", {"4"});
    std::vector<rest_of_audience> rests;
    for (const auto* account : {"a", "nobody's", "b", "c"})
        rests.push_back({{.kind = to_kind::account, .ref = account}, {}, {}});
    const auto all = b.audiences.recipients(rests, 100);
    REQUIRE(all.size() == 4);
    CHECK(all[1].whom.empty());
    CHECK(all[3].whom.at(0).number == "4");
    const auto some = b.audiences.recipients(rests, 3);
    REQUIRE(some.size() == 3);
    CHECK(some[2].whom.at(0).number == "3");
    CHECK(b.first({.kind = to_kind::account, .ref = "a"}, 3).last);
    CHECK_FALSE(b.first({.kind = to_kind::account, .ref = "a"}, 2).last); // who knows
}

TEST_CASE("audience: a contact changes with the next import, and stays where none is said") {
    audience_bench b;
    b.meter("a", "t1", "c1", {"1"}, "payer");
    store::bind again{.number = "1", .account = "a", .how = binding_way::import};
    CHECK(b.done(again).what == stale);
    again.contact = "technical";
    CHECK(b.done(again).what == applied);
    CHECK(b.done(again).what == stale);
    CHECK(b.of({.kind = to_kind::account, .ref = "a", .contacts = {"payer"}}).empty());
}

TEST_CASE("audience: a household with three meters is told once, or for each meter") {
    audience_bench b;
    for (const auto* account : {"a", "b", "c"})
        b.meter(account, "t1", "c1", {"1", "2"});
    b.meter("d", "t2", "c2", {"3"});
    audience whom{.kind = to_kind::area, .ref = "f1"};
    CHECK(b.of(whom) == "1 a, 2 a, 3 d");
    whom.once = one_per::account;
    CHECK(b.of(whom) == "1 a, 1 b, 1 c, 2 a, 2 b, 2 c, 3 d");
    CHECK(b.of(whom, 1) == b.of(whom));
    CHECK(b.of(whom, 2) == b.of(whom));
    whom.once = one_per::customer;
    CHECK(b.of(whom) == "1 a, 3 d");
    CHECK(b.of({.kind = to_kind::customer, .ref = "c1"}, 1) == "1 a, 2 a");
    CHECK(b.of({.kind = to_kind::customer, .ref = "c1", .once = one_per::customer}) == "1 a");
}

TEST_CASE("audience: an area is all that lies below it, with the people who stand there") {
    audience_bench b;
    b.meter("a", "t1", "", {"1"});
    b.meter("b", "s1", "", {"2"});
    b.meter("c", "t9", "", {"3"});
    b.person("4", "village_contact", "f1");
    b.person("5", "sales", "f1");
    b.person("1", "village_contact", "t1"); // a customer too
    CHECK(b.of({.kind = to_kind::area, .ref = "s1"}) == "1 a, 2 b");
    CHECK(b.of({.kind = to_kind::area, .ref = "f1"}) == "1 a");
    CHECK(b.of({.kind = to_kind::area, .ref = "s1", .roles = {"village_contact"}}, 1) ==
          "1, 2 b, 4");
    b.done(put_area{.area = "t1", .parent = "s2", .name = {}}); // it is fed from elsewhere now
    CHECK(b.of({.kind = to_kind::area, .ref = "s1"}) == "2 b");
    CHECK(b.of({.kind = to_kind::area, .ref = "s2"}) == "1 a, 3 c");
}

TEST_CASE("audience: of an area, the numbers of vulnerable accounts come before all others") {
    audience_bench b;
    b.meter("a", "t1", "c1", {"1", "5"});
    b.meter("b", "t2", "c1", {"4"});
    b.meter("c", "t1", "c2", {"2", "4"});
    b.meter("d", "t2", "c3", {"3"});
    b.meter("e", "t9", "c4", {"3"}); // vulnerable, but lies elsewhere
    b.meter("f", "t1", "c5", {"6"});
    const audience whom{.kind = to_kind::area, .ref = "s1"};
    CHECK(b.told(whom, 10) == "; 1 a, 2 c, 3 d, 4 b, 5 a, 6 f");
    for (const auto* account : {"b", "e", "f"})
        b.done(put_customer_account{.account = account, .vulnerable = true});
    struct row {
        one_per once;
        const char* told;
    };
    for (const auto& [once, all] : {row{one_per::number, "4 b, 6 f; 1 a, 2 c, 3 d, 5 a"},
                                    row{one_per::account, "4 b, 4 c, 6 f; 1 a, 2 c, 3 d, 5 a"},
                                    row{one_per::customer, "1 a, 6 f; 2 c, 3 d"}}) {
        audience each = whom;
        each.once = once;
        for (const std::size_t limit : {1U, 2U, 3U, 10U}) {
            CAPTURE(limit);
            CAPTURE(all);
            CHECK(b.told(each, limit) == all);
        }
    }
}

TEST_CASE("audience: who becomes vulnerable meanwhile, or is no more, is told once all the same") {
    audience_bench b;
    for (const auto* n : {"1", "2", "3", "4"})
        b.meter("a" + std::string(n), "t1", "", {n});
    for (const auto* account : {"a1", "a3"})
        b.done(put_customer_account{.account = account, .vulnerable = true});
    int chunks = 0;
    b.between = [&] {
        if (++chunks != 2) // those two have been told
            return;
        b.done(put_customer_account{.account = "a1", .vulnerable = false});
        b.done(put_customer_account{.account = "a4", .vulnerable = true});
    };
    CHECK(b.told({.kind = to_kind::area, .ref = "s1"}, 1) == "1 a1, 3 a3, 4 a4; 2 a2");
    chunks = -1;
    b.between = [&] {
        if (++chunks == 1) // it is at the others
            b.done(put_customer_account{.account = "a2", .vulnerable = true});
    };
    b.done(put_customer_account{.account = "a4", .vulnerable = false});
    CHECK(b.told({.kind = to_kind::area, .ref = "s1"}, 1) == "3 a3; 1 a1, 2 a2, 4 a4");
    SQLite::Database live(b.folder / "live.db", SQLite::OPEN_READONLY);
    statement kept(live, "SELECT count(*) FROM told_first");
    kept.row();
    CHECK(kept.number(0) == 0); // it is done
}

TEST_CASE("audience: areas in a circle end") {
    audience_bench b;
    b.done(put_area{.area = "s1", .parent = "t1", .name = {}});
    b.meter("a", "t2", "", {"1"});
    CHECK(b.of({.kind = to_kind::area, .ref = "s1"}) == "1 a");
}

TEST_CASE("audience: of a large area the same people are found by walking all numbers") {
    audience_bench b;
    for (int i = 0; i < 30; ++i)
        b.meter("a" + std::to_string(i), i % 3 == 0 ? "t9" : "t1", "c" + std::to_string(i / 2),
                {std::to_string(100 + i % 20)});
    b.person("999", "village_contact", "t1");
    SQLite::Database db(b.folder / "live.db", SQLite::OPEN_READONLY);
    for (const auto once : {one_per::number, one_per::account, one_per::customer}) {
        const audience whom{.kind = to_kind::area,
                            .ref = "s1",
                            .contacts = {},
                            .roles = {"village_contact"},
                            .once = once};
        std::vector<std::string> found[2];
        for (const bool large : {false, true}) {
            statement rows(db, audience_query(whom, large));
            rows.bind(whom.ref, "", "", 100);
            while (rows.row())
                found[large ? 1 : 0].push_back(std::string(rows.text(0)) + " " +
                                               std::string(rows.text(1)));
        }
        CHECK(found[0] == found[1]);
        CHECK(found[0].size() >= 15);
    }
}

TEST_CASE("audience: a role everywhere, or for an area and what lies above it") {
    audience_bench b;
    b.person("1", "manager", "t1");
    b.person("2", "manager", "s1");
    b.person("3", "manager", "s2");
    b.person("4", "", "t1");
    CHECK(b.of({.kind = to_kind::role, .ref = "manager"}) == "1, 2, 3");
    CHECK(b.of({.kind = to_kind::role, .ref = "manager@t1"}) == "1, 2");
    CHECK(b.of({.kind = to_kind::role, .ref = "manager@t2"}) == "2");
    CHECK(b.of({.kind = to_kind::role, .ref = ""}).empty());
}

TEST_CASE("audience: a group is its members and whoever its filter takes") {
    audience_bench b;
    b.meter("a", "t1", "", {"1", "2"});
    b.meter("b", "t9", "", {"3"});
    b.person("5", "sales", "t9");
    const audience whom{.kind = to_kind::group, .ref = "g"};
    CHECK_FALSE(b.audiences.is_known(to_kind::group, "g"));
    CHECK(b.done(put_member{.group = "g", .number = "7", .account = {}}).what == applied);
    CHECK(b.done(put_member{.group = "g", .number = "7", .account = {}}).what == stale);
    b.done(put_member{.group = "g", .number = {}, .account = "a"});
    CHECK(b.audiences.is_known(to_kind::group, "g"));
    CHECK(b.of(whom, 1) == "1 a, 2 a, 7");
    b.done(put_group{.name = "g", .takes = put_group::filter{.area = "s2"}});
    CHECK(b.of(whom) == "1 a, 2 a, 3 b, 7");
    b.done(put_group{.name = "g", .takes = put_group::filter{.area = "s2", .role = "sales"}});
    CHECK(b.of(whom) == "1 a, 2 a, 5, 7");
    CHECK(b.done(put_group{.name = "g", .takes = {}}).what == stale);
    b.done(put_member{.group = "g", .number = "7", .account = {}, .in = false});
    CHECK(b.audiences.groups("", 10).front().members == 1);
    CHECK(b.audiences.members("g", {}, 10).front().account == "a");
    CHECK(b.done(drop_group{"g"}).what == applied);
    CHECK(b.of(whom).empty());
}

TEST_CASE("audience: an event for many is open until it is done, and then forgotten with its last "
          "message") {
    audience_bench b;
    add_event taken = b.adding("o-1", b.crm, 1);
    taken.message.parts.clear();
    taken.for_many = true;
    taken.event.to_kind = "area";
    taken.event.to_ref = "s1";
    const auto event = b.done(taken).event;
    auto open = b.audiences.open(0, start_of_time, 10);
    REQUIRE(open.size() == 1);
    CHECK(open[0].event.id == event);
    CHECK(open[0].event.to_ref == "s1");
    std::vector<posthorn::id> made;
    for (const auto* number : {"1", "2"}) {
        add_recipient one{.event = event, .message = make_message(1), .at = start_of_time};
        one.message.recipient = number;
        made.push_back(b.done(one).message);
    }
    b.done(advance_expansion{.event = event,
                             .through_number = "2",
                             .through_account = "a",
                             .made = 2,
                             .at = start_of_time});
    open = b.audiences.open(0, start_of_time, 10);
    REQUIRE(open.size() == 1);
    CHECK(open[0].through_number == "2");
    CHECK(open[0].made == 2);
    advance_expansion end{.event = event, .through_number = "2", .done = true, .at = start_of_time};
    CHECK(b.done(end).what == applied);
    CHECK(b.done(end).what == stale);
    CHECK(b.audiences.open(0, start_of_time, 10).empty());

    reader all(b.folder / "live.db", b.folder / "history");
    auto story = all.story_of(event);
    REQUIRE(story);
    REQUIRE(story->expanded);
    CHECK(story->expanded->made == 2);
    CHECK(story->expanded->states[message_state::queued] == 2);
    CHECK(story->messages.size() == 2);
    changes told(b.folder / "live.db");
    const auto row = told.expansion(event);
    REQUIRE(row);
    CHECK(row->row.made == 2);
    CHECK(row->row.done);

    b.done(forget{.operations_before = start_of_time + std::chrono::hours(24 * 3650)});
    CHECK(told.expansion(event)); // as long as some of its messages have not ended

    for (const auto m : made) {
        CHECK(all.event_row(event).has_value());
        b.done(close_message{m, part_event::cancel, "withdrawn", start_of_time});
        const auto now = told.message(m);
        REQUIRE(now);
        CHECK(now->of_many);
        forget done;
        done.messages.push_back({.message = m,
                                 .event = event,
                                 .version = now->version,
                                 .of_many = true,
                                 .state = now->state});
        b.done(done);
    }
    CHECK(all.event_row(event)); // its source does not know yet that it is done
    b.done(forget{.expanded = {event}});
    CHECK_FALSE(all.event_row(event));
}

TEST_CASE("audience: an event to an account with one number has its message, and is not for many") {
    audience_bench b;
    b.meter("7100000001", "t1", "C1", {"1"});
    b.meter("7100000002", "t1", "C2", {"2", "3"});
    b.meter("7100000003", "t1", "C1", {"1"});
    const auto only = [&](to_kind kind, const char* ref) {
        const auto one = b.audiences.only_one({.kind = kind, .ref = ref});
        return one ? one->number + " " + one->account : "nobody, or more";
    };
    CHECK(only(to_kind::account, "7100000001") == "1 7100000001");
    CHECK(only(to_kind::customer, "C1") == "1 7100000001");
    CHECK(only(to_kind::account, "7100000002") == "nobody, or more");
    CHECK(only(to_kind::account, "7") == "nobody, or more");
    for (int n = 1; n <= 9; ++n) // too many to compare each with all
        b.meter("800000000" + std::to_string(n), "t1", "C9", {"9"});
    CHECK(only(to_kind::customer, "C9") == "nobody, or more");
    CHECK(only(to_kind::account, "8000000001") == "9 8000000001");
    CHECK_FALSE(b.audiences.only_one(
        {.kind = to_kind::account, .ref = "8000000001", .once = one_per::customer}));

    add_event taken = b.adding("o-1", b.crm, 1);
    taken.event.to_kind = "account";
    taken.event.to_ref = "7100000001";
    const auto made = b.done(taken);
    b.tell(made.message, part_event::accept);
    b.tell(made.message, part_event::deliver);
    reader all(b.folder / "live.db", b.folder / "history");
    const auto story = all.story_of(made.event);
    REQUIRE(story);
    CHECK_FALSE(story->expanded);
    REQUIRE(story->messages.size() == 1);
    CHECK(story->messages[0].id == made.message);
    const auto now = changes(b.folder / "live.db").message(made.message);
    REQUIRE(now);
    CHECK_FALSE(now->of_many);
    const auto copied =
        archive(b.folder / "live.db", b.folder / "history").copy({&made.message, 1}, start_of_time);
    REQUIRE(copied.size() == 1);
    CHECK_FALSE(copied[0].of_many);
    const auto counted = recount(
        {b.folder / "live.db", b.folder / "history", b.folder / "result"},
        {.span = {}, .run = {}, .results_since = start_of_time + std::chrono::hours(24 * 9999)},
        {});
    CHECK(counted.differing == 0);
    forget done;
    done.messages.push_back({.message = made.message,
                             .event = made.event,
                             .version = now->version,
                             .state = now->state});
    b.done(done);
    CHECK_FALSE(all.event_row(made.event));
}

TEST_CASE("audience: an event that had nobody to tell can still be asked about") {
    audience_bench b;
    add_event taken = b.adding("o-1", b.crm, 1);
    taken.message.parts.clear();
    taken.for_many = true;
    taken.event.to_kind = "area";
    taken.event.to_ref = "s1";
    const auto event = b.done(taken).event;
    b.done(advance_expansion{.event = event, .done = true, .reason = "why", .at = start_of_time});
    b.done(forget{.expanded = {event}});
    const auto story = b.read.story_of(event);
    REQUIRE(story);
    REQUIRE(story->expanded);
    CHECK(story->expanded->done);
    CHECK(story->expanded->reason == "why");
    b.done(forget{.operations_before = start_of_time + std::chrono::hours(24 * 400)});
    CHECK_FALSE(b.read.story_of(event));
}

TEST_CASE("audience: what is due later is not expanded yet") {
    audience_bench b;
    add_event taken = b.adding("o-1", b.crm, 1);
    taken.message.parts.clear();
    taken.for_many = true;
    taken.event.to_kind = "area";
    taken.event.not_before = start_of_time + std::chrono::hours(1);
    b.done(taken);
    CHECK(b.audiences.open(0, start_of_time, 10).empty());
    CHECK(b.audiences.open(0, start_of_time + std::chrono::hours(1), 10).size() == 1);
}

} // namespace audience_test

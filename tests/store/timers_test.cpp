// Steps of timers: which wait, what an event changes of them, and that each is made once.
#include "store/timers.hpp"

#include "store/erased_number.hpp"
#include "store/number_finder.hpp"
#include "store/sqlite/applier_timers.hpp"
#include "store/store_bench.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stop_token>

namespace timers_test {

using namespace posthorn;
using namespace posthorn::store;
using namespace live_db;
using namespace std::chrono_literals;

namespace {

constexpr instant day(int n) { return start_of_time + std::chrono::days(n); }

struct timers_bench : bench {
    timer_reader timers{folder / "live.db"};

    begin_timer beginning(std::vector<begun_step> steps, const char* key = "k-1",
                          instant occurred = start_of_time) const {
        return {.timer = "arrears",
                .source = crm,
                .subject = "A-1",
                .type = "bill.issued",
                .key = key,
                .run = "r-1",
                .to_kind = "number",
                .to_ref = "8613800000000",
                .data = R"({"amount":"5.00"})",
                .occurred_at = occurred,
                .steps = std::move(steps),
                .at = start_of_time};
    }
    outcome begin(std::vector<begun_step> steps, const char* key = "k-1",
                  instant occurred = start_of_time) {
        return done(beginning(std::move(steps), key, occurred));
    }
    // "arrears.first k-1 +3d, ..." as they wait
    std::string waiting(const step_query& which = {}) {
        std::string out;
        for (const auto& s : timers.waiting(which, 100))
            out += (out.empty() ? "" : ", ") + s.type + " " + s.began_key + " +" +
                   std::to_string(
                       std::chrono::floor<std::chrono::days>(s.due_at - start_of_time).count()) +
                   "d";
        return out;
    }
    timer_step step_of(const std::string& type) {
        for (auto& s : timers.waiting({}, 100))
            if (s.type == type)
                return s;
        FAIL("it does not wait");
        return {};
    }
    make_step making(const timer_step& s) {
        make_step op{
            .step = s.id, .due_at = s.due_at, .event = adding(s.began_key + "/" + s.type, crm, 1)};
        op.event.event.outbox_id = 0;
        for (auto& p : op.event.message.parts)
            p = {.n = 1, .state = part_state::queued, .attempts = 0, .octets = "x"};
        return op;
    }
    outcome make(const std::string& type) { return done(making(step_of(type))); }
    std::int64_t tally_of(const char* what) {
        for (const auto& [name, n] : read.tallies())
            if (name == what)
                return n;
        return 0;
    }
    std::int64_t rows() {
        auto db = open_database(folder / "live.db", access::read_only);
        return number(db, "SELECT count(*) FROM timer_step");
    }
};

} // namespace

TEST_CASE("timers: steps wait in the order of their times, and are due when they come") {
    timers_bench b;
    b.begin({{"arrears.second", day(15)}, {"arrears.first", day(3)}});
    CHECK(b.waiting() == "arrears.first k-1 +3d, arrears.second k-1 +15d");
    CHECK(b.waiting({.subject = "A-1"}) == b.waiting());
    CHECK(b.waiting({.source = "crm", .timer = "arrears"}) == b.waiting());
    CHECK(b.waiting({.source = "billing"}).empty());
    CHECK(b.waiting({.subject = "A-2"}).empty());
    CHECK(b.waiting({.timer = "other"}).empty());
    CHECK(b.timers.waiting_of("arrears", 10) == 2);
    CHECK(b.timers.waiting_of("arrears", 1) == 1);

    CHECK(b.timers.due(day(3) - 1us, {}, 0, 10).empty());
    const auto due = b.timers.due(day(3), {}, 0, 10);
    REQUIRE(due.size() == 1);
    CHECK(due[0].type == "arrears.first");
    CHECK(due[0].source == "crm");
    CHECK(due[0].source_number == b.crm);
    CHECK(due[0].began_type == "bill.issued");
    CHECK(due[0].data == R"({"amount":"5.00"})");
    CHECK(due[0].occurred_at == start_of_time);
    CHECK(b.timers.due(day(20), {}, 0, 1).size() == 1);
    CHECK(b.timers.due(day(20), due[0].due_at, due[0].id, 10).size() == 1);
    CHECK(b.tally_of("timer steps waiting") == 2);
}

TEST_CASE("timers: a step is made once, with its event or not at all") {
    timers_bench b;
    b.begin({{"arrears.first", day(3)}});
    const auto op = b.making(b.step_of("arrears.first"));
    CHECK(b.done(op).what == outcome::code::applied);
    CHECK(b.waiting().empty());
    CHECK(b.read.stories_of_key("k-1/arrears.first", "crm").size() == 1);
    CHECK(b.done(op).what == outcome::code::stale); // as after a crash that nobody heard of
    CHECK(b.tally_of("timer steps waiting") == 0);
    CHECK(b.tally_of("timer steps made") == 1);
    CHECK(b.tally_of("events") == 1);

    SUBCASE("of a step that was put off meanwhile nothing is made") {
        b.begin({{"arrears.second", day(15)}});
        const auto early = b.making(b.step_of("arrears.second"));
        b.begin({{"arrears.second", day(16)}}, "k-2", start_of_time + 1s);
        CHECK(b.done(early).what == outcome::code::stale);
        CHECK(b.waiting() == "arrears.second k-2 +16d");
        CHECK(b.tally_of("events") == 1);
    }
}

TEST_CASE("timers: a later event puts its steps in the place of those that wait") {
    timers_bench b;
    b.begin({{"arrears.first", day(3)}, {"arrears.second", day(15)}});
    b.make("arrears.first");
    struct row {
        const char* why;
        std::vector<begun_step> steps;
        instant occurred;
        const char* then;
    };
    const std::vector<row> rows{
        {"dates unchanged: what was made is not made again",
         {{"arrears.first", day(3)}, {"arrears.second", day(15)}},
         start_of_time,
         "arrears.second k-2 +15d"},
        {"other dates: it is made again",
         {{"arrears.first", day(33)}, {"arrears.second", day(45)}},
         start_of_time + 1s,
         "arrears.first k-2 +33d, arrears.second k-2 +45d"},
        {"its condition does not hold any more", {}, start_of_time + 1s, ""},
        {"a step is gone", {{"arrears.first", day(3)}}, start_of_time + 1s, ""},
        {"an earlier event that comes late changes nothing",
         {{"arrears.first", day(1)}},
         start_of_time - 1s,
         "arrears.second k-1 +15d"},
    };
    for (const auto& r : rows) {
        SUBCASE(r.why) {
            const auto told = b.begin(r.steps, "k-2", r.occurred);
            CHECK((told.what == outcome::code::stale) == (r.occurred < start_of_time));
            CHECK(b.waiting() == r.then);
        }
    }
    CHECK(b.tally_of("timer steps waiting") == std::ssize(b.timers.waiting({}, 100)));
}

TEST_CASE("timers: a step below a limit is made once, until the amount is above it again") {
    timers_bench b;
    const auto tell = [&](step_rule rule, int at, const char* key) {
        b.begin({{"balance.low", day(at), rule}}, key, start_of_time + std::chrono::seconds(at));
    };
    tell(step_rule::again, 1, "above");
    CHECK(b.waiting().empty());
    tell(step_rule::once, 2, "below");
    CHECK(b.waiting() == "balance.low below +2d");
    b.make("balance.low");
    tell(step_rule::once, 3, "lower");
    CHECK(b.waiting().empty());
    tell(step_rule::again, 4, "topped up");
    tell(step_rule::once, 5, "below once more");
    CHECK(b.waiting() == "balance.low below once more +5d");
    tell(step_rule::again, 6, "topped up at once");
    CHECK(b.waiting().empty());
    CHECK(b.tally_of("timer steps waiting") == 0);
}

TEST_CASE("timers: what was begun goes along with its event, and with no other") {
    timers_bench b;
    auto op = b.adding("k-1", b.crm, 1);
    op_list along;
    along.ops.emplace_back(b.beginning({{"arrears.first", day(3)}}));
    op.along = std::make_shared<const op_list>(along);
    CHECK(b.done(op).what == outcome::code::applied);
    CHECK(b.done(cancel_steps{.step = b.step_of("arrears.first").id, .at = day(1)}).what ==
          outcome::code::applied);
    CHECK(b.done(op).what == outcome::code::replay);
    CHECK(b.waiting().empty());
}

TEST_CASE("timers: a cancelled step does not come back with the same dates") {
    timers_bench b;
    b.begin({{"arrears.first", day(3)}, {"arrears.second", day(15)}});
    const auto first = b.step_of("arrears.first");
    CHECK(b.done(cancel_steps{.step = first.id, .at = day(1)}).what == outcome::code::applied);
    CHECK(b.done(cancel_steps{.step = first.id, .at = day(1)}).what == outcome::code::stale);
    CHECK(b.timers.step(first.id).empty());
    b.begin({{"arrears.first", day(3)}, {"arrears.second", day(15)}}, "k-2");
    CHECK(b.waiting() == "arrears.second k-2 +15d");
    CHECK(b.done(cancel_steps{.timer = "arrears", .at = day(1)}).what == outcome::code::applied);
    CHECK(b.done(cancel_steps{.timer = "arrears", .at = day(1)}).what == outcome::code::stale);
    CHECK(b.waiting().empty());
    CHECK(b.tally_of("timer steps cancelled") == 2);
    CHECK(b.tally_of("timer steps waiting") == 0);
}

TEST_CASE("timers: what was made is forgotten in the end, what waits never") {
    timers_bench b;
    b.begin({{"arrears.first", day(3)}, {"arrears.second", day(15)}});
    b.make("arrears.first");
    CHECK(b.done(forget_steps{.before = start_of_time}).what == outcome::code::stale);
    CHECK(b.done(forget_steps{.before = day(4000)}).what == outcome::code::applied);
    CHECK(b.rows() == 1);
    CHECK(b.waiting() == "arrears.second k-1 +15d");
}

TEST_CASE("timers: steps that wait are withdrawn by subject, types and time") {
    struct row {
        const char* subject;
        const char* types;
        duration later; // than the event that began them
        const char* left;
    };
    const std::vector<row> rows{
        {"A-1", "arrears.*", 1s, "retail.not_ordered k-1 +20d"},
        {"A-1", "arrears.*", 0s, "retail.not_ordered k-1 +20d"},
        {"A-1", "arrears.second", 1s, "arrears.third k-1 +10d, retail.not_ordered k-1 +20d"},
        {"A-1", "arrears.*", -1s,
         "arrears.second k-1 +5d, arrears.third k-1 +10d, retail.not_ordered k-1 +20d"},
        {"A-2", "arrears.*", 1s,
         "arrears.second k-1 +5d, arrears.third k-1 +10d, retail.not_ordered k-1 +20d"},
        {"A-1", "arrears", 1s,
         "arrears.second k-1 +5d, arrears.third k-1 +10d, retail.not_ordered k-1 +20d"},
        {"A-1", "arrear.*", 1s,
         "arrears.second k-1 +5d, arrears.third k-1 +10d, retail.not_ordered k-1 +20d"},
    };
    for (const auto& r : rows) {
        CAPTURE(r.subject);
        CAPTURE(r.types);
        timers_bench b;
        b.begin({{"arrears.first", day(3)},
                 {"arrears.second", day(5)},
                 {"arrears.third", day(10)},
                 {"retail.not_ordered", day(20)}});
        b.make("arrears.first");
        b.writer->stop();
        {
            auto db = open_database(b.folder / "live.db", access::read_write);
            tally tallies(db);
            id_source ids;
            timers_applier timers(db, tallies, ids);
            timers.withdraw(b.crm, r.subject, r.types, start_of_time + r.later);
            CHECK(timers.withdraw(b.billing, "A-1", "arrears.*", start_of_time + 1s) == 0);
            tallies.write();
        }
        CHECK(b.waiting() == r.left);
        CHECK(b.tally_of("timer steps waiting") == std::ssize(b.timers.waiting({}, 100)));
    }
}

TEST_CASE("timers: steps outlive the daemon") {
    scratch_folder folder;
    {
        store::store before(plain_store(folder.path()));
        before.start();
        std::binary_semaphore committed{0};
        std::vector<op> ops;
        ops.emplace_back(begin_timer{.timer = "arrears",
                                     .source = before.number_of("source", "crm"),
                                     .subject = "A-1",
                                     .type = "bill.issued",
                                     .key = "k-1",
                                     .occurred_at = start_of_time,
                                     .steps = {{"arrears.first", day(9000)}},
                                     .at = start_of_time});
        before.submit(std::move(ops), [&](auto) { committed.release(); });
        committed.acquire();
        before.stop();
    }
    timer_reader timers(folder / "live.db");
    CHECK(timers.due(day(8999), {}, 0, 10).empty());
    CHECK(timers.due(day(9000), {}, 0, 10).size() == 1);
}

TEST_CASE("timers: what names a number that is erased is gone") {
    timers_bench b;
    b.begin({{"arrears.first", day(3)}, {"arrears.second", day(15)}});
    b.make("arrears.first");
    const erased_number of{.number = "8613800000000",
                           .spellings = number_spellings("8613800000000", {}),
                           .evidence = "erased-1",
                           .is_evidence = [](auto) { return false; }};
    for (auto& found : rows_to_erase(b.folder / "live.db", of, day(1), std::stop_token()))
        if (found.of == erase_rows::table::timer_step)
            b.done(found);
    CHECK(b.waiting().empty());
    CHECK(b.tally_of("timer steps waiting") == 0);
}

} // namespace timers_test

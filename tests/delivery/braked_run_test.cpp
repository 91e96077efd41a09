// A run that the brake has paused, on a whole sending side.
#include "delivery/rig.hpp"

#include <doctest/doctest.h>

namespace braked_run_test {

using namespace posthorn;
using namespace rig;

namespace {

const delivery::brake_settings small{.enabled = true, .first = 10, .enough = 5};

setup with_brake(unsigned window = 100) {
    return {.window = window,
            .rules = {.uncertain_wait = 2s, .hold_for = 60s, .name = "bill"},
            .brake = small};
}

void accept(sending_side& s, int n, const std::string& run = "a", priority p = priority::normal,
            std::size_t parts = 1) {
    for (int i = 0; i < n; ++i) {
        auto m = s.new_message(parts, on_uncertain::hold, 1h, p);
        m.run = run;
        s.accept(std::move(m));
    }
    s.pulse();
}

void answer_all(sending_side& s, answer what = answer::accepted) {
    for (std::size_t i = 0; i < s.at_carrier().seen.size(); ++i)
        if (s.at_carrier().seen[i].said == answer::none)
            s.tell(s.at_carrier().seen[i], what);
    for (int i = 0; i < 3; ++i)
        s.pulse();
}

// Receipts of the submissions number `from` and so on.
void receipts(sending_side& s, std::size_t from, std::size_t n, bool delivered) {
    for (std::size_t i = from; i < from + n; ++i)
        s.receipt(s.at_carrier().seen.at(i).ref,
                  delivered ? sdk::receipt_state::delivered : sdk::receipt_state::undelivered, "",
                  [] {});
    s.pulse();
}

std::size_t left(sending_side& s) { return s.at_carrier().seen.size(); }
std::string paused(sending_side& s) {
    std::string out;
    for (const auto& p : s.desk().told_pauses())
        out += (out.empty() ? "" : "; ") + shown(p.scope) + " by " + p.who + ": " + p.reason;
    return out;
}
std::string complaints(sending_side& s) { return live_db::joined(live_db::audit(s.db())); }
store::operation by_li(std::string what) {
    return {.who = "li", .what = std::move(what), .reason = "they are right"};
}
const scope run_a{scope_kind::run, "a", "s2"};

// What is set aside comes back, as the sweeper has it.
void put_back_all(sending_side& s) {
    std::vector<store::op> ops;
    store::statement aside(s.db(), "SELECT message FROM set_aside");
    while (aside.row())
        ops.emplace_back(store::put_back{aside.number(0)});
    s.desk().store().submit(std::move(ops));
    s.settle();
    s.desk().queued({pool, priority::normal, source}, s.now);
    for (int i = 0; i < 3; ++i)
        s.pulse();
}

} // namespace

TEST_CASE("brake: a run's first leave, the next does not, and other runs are not disturbed") {
    for (const unsigned window : {1U, 4U, 100U}) {
        CAPTURE(window);
        sending_side s(with_brake(window));
        accept(s, 30);
        for (int i = 0; i < 30; ++i)
            answer_all(s);
        CHECK(left(s) == 10);
        CHECK(paused(s) == "run a of s2 by the brake: its first 10 messages have left; 0 of 0 that "
                           "have ended were delivered; it goes on by itself from 5 with 80 %");
        accept(s, 5, "b");
        for (int i = 0; i < 5; ++i)
            answer_all(s);
        CHECK(left(s) == 15);
        CHECK(live_db::number(s.db(), "SELECT count(*) FROM set_aside") == 20);
        CHECK(live_db::number(s.db(), "SELECT count(*) FROM operation WHERE who='the brake' AND "
                                      "what='pause' AND which='run a of s2'") == 1);
        CHECK(complaints(s) == "");
    }
}

TEST_CASE("brake: good receipts let a run go on by itself, bad ones do not") {
    for (const bool good : {true, false}) {
        CAPTURE(good);
        sending_side s(with_brake());
        accept(s, 30);
        answer_all(s);
        receipts(s, 0, 10, good);
        CHECK(s.gone_on == (good ? 1 : 0));
        CHECK(paused(s).empty() == good);
        put_back_all(s);
        CHECK(left(s) == (good ? 30 : 10));
        CHECK(live_db::number(s.db(), "SELECT count(*) FROM pause") == (good ? 0 : 1));
        CHECK(complaints(s) == "");
    }
}

TEST_CASE("brake: where no receipts come a person says go, also after a restart") {
    for (const bool restart : {false, true}) {
        CAPTURE(restart);
        sending_side s(with_brake());
        accept(s, 30);
        answer_all(s);
        if (restart) {
            s.crash();
            receipts(s, 0, 10, true); // they are counted no more
            CHECK(paused(s) == "run a of s2 by the brake: its first 10 messages have left");
        }
        s.pass(10min);
        CHECK(left(s) == 10);
        CHECK(s.desk().resume({scope_kind::run, "a"}, by_li("resume"))); // of every source
        put_back_all(s);
        answer_all(s);
        CHECK(left(s) == 30);
        CHECK(paused(s) == "");
        CHECK(s.gone_on == 0);
    }
}

TEST_CASE("brake: what a person has paused it neither lifts nor makes its own") {
    sending_side s(with_brake());
    accept(s, 30);
    answer_all(s);
    s.desk().pause({run_a, true, "li", "wrong amounts", s.now}, {0, source}, by_li("stop"));
    receipts(s, 0, 10, true);
    CHECK(paused(s) == "run a of s2 by li: wrong amounts");
    CHECK(s.gone_on == 0);
}

TEST_CASE("brake: refusals pause a run for a person") {
    sending_side s(with_brake());
    accept(s, 10);
    answer_all(s);
    receipts(s, 0, 10, true);
    accept(s, 150);
    CHECK(left(s) == 110);
    answer_all(s, answer::rejected);
    CHECK(left(s) == 110);
    CHECK(paused(s).starts_with("run a of s2 by the brake: 41 of its last 51 parts were refused"));
    CHECK(s.desk().resume(run_a, by_li("resume")));
    put_back_all(s);
    CHECK(left(s) == 160);
    CHECK(complaints(s) == "");
}

TEST_CASE("brake: urgent and statutory messages are only warned of, also where others are paused") {
    for (const bool statutory : {false, true}) {
        CAPTURE(statutory);
        auto how = with_brake();
        how.rules.statutory = statutory;
        sending_side s(how);
        accept(s, 30, "a", statutory ? priority::normal : priority::urgent);
        accept(s, 1, "a", statutory ? priority::normal : priority::urgent);
        CHECK(left(s) == 31);
        CHECK(paused(s) == "");
        REQUIRE(s.desk().warnings().size() == 1);
        CHECK(shown(s.desk().warnings()[0].scope) == "run a of s2");
        CHECK(s.desk().resume({scope_kind::run, "a"}, by_li("resume")));
        CHECK(s.desk().warnings().empty());
        CHECK_FALSE(s.desk().resume({scope_kind::run, "a"}, by_li("resume")));
    }
    sending_side s(with_brake());
    accept(s, 30);
    CHECK(left(s) == 10);
    accept(s, 5, "a", priority::urgent);
    CHECK(left(s) == 15);
}

TEST_CASE("brake: the first that come back leave again while their run is paused") {
    sending_side s(with_brake());
    accept(s, 30, "a", priority::normal, 2);
    CHECK(left(s) == 20);
    for (std::size_t i = 0; i < 20; ++i)
        s.tell(s.at_carrier().seen[i], i % 2 == 0 ? answer::throttled : answer::deferred);
    for (int i = 0; i < 10; ++i) { // a part may wait for the answer to the other one
        s.pass(11s);
        answer_all(s);
    }
    REQUIRE(left(s) == 40);
    receipts(s, 20, 20, true);
    CHECK(paused(s) == "");
    CHECK(complaints(s) == "");
}

TEST_CASE("brake: a part that comes back beside one that pauses its run is not lost") {
    sending_side s(with_brake());
    accept(s, 10);
    answer_all(s);
    receipts(s, 0, 10, true);
    accept(s, 60);
    REQUIRE(left(s) == 70);
    s.tell(s.at_carrier().seen[10], answer::throttled);
    std::vector<sdk::verdict> all; // in one batch
    for (std::size_t i = 11; i < 70; ++i) {
        const bool last = i == 69;
        all.push_back(
            {.handle = s.at_carrier().seen[i].handle,
             .what = i < 20 || last ? sdk::verdict::kind::deferred : sdk::verdict::kind::rejected,
             .counts = last,
             .throttled = i < 20,
             .code = "code"});
    }
    s.lane().verdicts(all);
    s.pulse();
    CHECK_FALSE(paused(s).empty());
    CHECK(complaints(s) == "");
    CHECK(s.desk().resume(run_a, by_li("resume")));
    put_back_all(s);
    s.pass(11s);
    CHECK(left(s) == 81); // ten throttled, one put off
    CHECK(complaints(s) == "");
}

TEST_CASE("brake: switched off by a reload, nothing is paused any more; what is stays so") {
    sending_side s(with_brake());
    accept(s, 30);
    CHECK(left(s) == 10);
    delivery::desk_settings off;
    off.types = {{type, with_brake().rules}};
    s.desk().use(off);
    accept(s, 30, "b");
    CHECK(left(s) == 40);
    CHECK(paused(s) == "run a of s2 by the brake: its first 10 messages have left");
    CHECK(s.desk().resume(run_a, by_li("resume")));
    put_back_all(s);
    CHECK(left(s) == 60);
}

TEST_CASE("brake: duplicates that the store knows do not count") {
    sending_side s(with_brake());
    accept(s, 9);
    answer_all(s);
    auto again = [&](int n) {
        store::add_event e{
            .event = live_db::make_event("km1", 1'000 + n, 1), .source = source, .at = s.now};
        e.event.run = "a";
        e.message = s.new_message(1, on_uncertain::hold, 1h);
        std::vector<store::add_event> events;
        events.push_back(std::move(e));
        s.desk().accept(std::move(events));
    };
    for (int n = 0; n < 30; ++n)
        again(n);
    s.pulse();
    CHECK(left(s) == 9);
    CHECK(paused(s) == "");
    accept(s, 2);
    CHECK(left(s) == 10);
    CHECK_FALSE(paused(s).empty());
}

} // namespace braked_run_test

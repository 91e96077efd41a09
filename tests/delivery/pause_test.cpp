// What is paused does not leave and is in nobody's way; what is stopped is cancelled.
#include "delivery/rig.hpp"
#include "delivery/sweeper.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

namespace pause_test {

using namespace posthorn;
using namespace rig;

namespace {

message of_run(sending_side& s, const std::string& run, std::size_t parts = 1) {
    auto m = s.new_message(parts, on_uncertain::hold, 1h);
    m.run = run;
    return m;
}

store::operation by_li(std::string what) {
    return {.who = "li", .what = std::move(what), .reason = "wrong amounts"};
}

void pause(sending_side& s, const scope& which, bool stopped = false, name_id number = 0) {
    s.desk().pause({which, stopped, "li", "wrong amounts", s.now}, {number, source},
                   by_li(stopped ? "stop" : "pause"));
    s.settle();
}

// Goes once through all that waits; how many messages were cancelled.
std::int64_t sweep(sending_side& s) {
    delivery::sweeper sweeper(s.desk(), s.file(), s.file().parent_path() / "history",
                              s.loop().get_executor());
    std::optional<std::int64_t> cancelled;
    sweeper.look(0, [&](std::int64_t n) {
        cancelled = n;
        sweeper.stop();
    });
    bool ended = false;
    boost::asio::co_spawn(s.loop(), sweeper.run(), [&](const std::exception_ptr& e) {
        CHECK_FALSE(e);
        ended = true;
    });
    while (!ended)
        s.loop().run_one();
    s.pulse();
    return cancelled.value();
}

std::int64_t in_state(sending_side& s, message_state state) {
    return live_db::number(s.db(), "SELECT count(*) FROM message WHERE state=" +
                                       std::to_string(static_cast<int>(state)));
}
std::int64_t set_aside(sending_side& s) {
    return live_db::number(s.db(), "SELECT count(*) FROM set_aside");
}
std::string complaints(sending_side& s) { return live_db::joined(live_db::audit(s.db())); }

void answer_all(sending_side& s) {
    for (std::size_t i = 0; i < s.at_carrier().seen.size(); ++i)
        if (s.at_carrier().seen[i].said == answer::none)
            s.tell(s.at_carrier().seen[i], answer::accepted);
    s.pulse();
}

// Into the store, claimed, and aside: each takes a turn of the desk.
void store_and_claim(sending_side& s) {
    for (int i = 0; i < 3; ++i)
        s.pulse();
}

const scope run_a{scope_kind::run, "a"};

} // namespace

TEST_CASE("pause: a paused run waits beside the others, and goes on when it is resumed") {
    sending_side s({.window = 1});
    for (int i = 0; i < 4; ++i)
        s.accept(of_run(s, "a"));
    s.accept(of_run(s, "b"));
    s.pulse();
    REQUIRE(s.at_carrier().seen.size() == 1);
    pause(s, run_a);
    s.accept(of_run(s, "a")); // comes later
    answer_all(s);
    REQUIRE(s.at_carrier().seen.size() == 2);
    CHECK(s.at_carrier().seen[1].octets == "m5"); // of b
    answer_all(s);
    store_and_claim(s);
    CHECK(set_aside(s) == 4);
    CHECK(complaints(s) == "");
    s.crash(); // it is as durable as any
    s.pass(10s);
    CHECK(s.at_carrier().seen.size() == 2);
    CHECK(sweep(s) == 0);
    CHECK(set_aside(s) == 4);
    CHECK(s.desk().resume(run_a, by_li("resume")));
    CHECK_FALSE(s.desk().resume(run_a, by_li("resume")));
    sweep(s);
    for (int i = 0; i < 6; ++i)
        answer_all(s);
    CHECK(s.at_carrier().seen.size() == 6);
    CHECK(set_aside(s) == 0);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM pause") == 0);
    CHECK(complaints(s) == "");
}

TEST_CASE("pause: a stop cancels what has not left, what is due later, and what comes after it") {
    sending_side s({.window = 1});
    auto later = of_run(s, "a");
    later.due_at = s.now + 30min;
    s.accept(std::move(later));
    for (int i = 0; i < 3; ++i)
        s.accept(of_run(s, "a"));
    s.accept(of_run(s, "b"));
    s.pulse();
    REQUIRE(s.at_carrier().seen.size() == 1);
    pause(s, run_a, true);
    s.accept(of_run(s, "a"));
    s.settle();
    sweep(s);
    CHECK(in_state(s, message_state::cancelled) == 4);
    answer_all(s);
    answer_all(s);
    CHECK(s.at_carrier().seen.size() == 2); // the one that had left, and the one of b
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM message WHERE reason = "
                                  "'stopped (run a): wrong amounts'") == 4);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM queue") == 0);
    CHECK(complaints(s) == "");
    CHECK(s.desk().resume(run_a, by_li("resume")));
    s.accept(of_run(s, "a"));
    answer_all(s);
    CHECK(s.at_carrier().seen.size() == 3);
}

TEST_CASE("pause: what was paused first is cancelled when it is stopped") {
    sending_side s({.window = 1});
    s.lane().slots(0, "down");
    pause(s, run_a);
    for (int i = 0; i < 3; ++i)
        s.accept(of_run(s, "a"));
    store_and_claim(s);
    CHECK(set_aside(s) == 3);
    pause(s, run_a, true);
    CHECK(sweep(s) == 3);
    CHECK(set_aside(s) == 0);
    CHECK(in_state(s, message_state::cancelled) == 3);
    CHECK(complaints(s) == "");
}

TEST_CASE("pause: an intent that was committed meanwhile is taken back before its bytes leave") {
    for (const bool stopped : {false, true}) {
        sending_side s({.window = 4});
        s.accept(of_run(s, "a", 2));
        s.loop().run_one(); // the lane's turn: the intent is on its way to the store
        pause(s, run_a, stopped);
        s.pulse();
        CHECK(s.at_carrier().seen.empty());
        CHECK(in_state(s, message_state::cancelled) == (stopped ? 1 : 0));
        CHECK(set_aside(s) == (stopped ? 0 : 1));
        CHECK(complaints(s) == "");
    }
}

TEST_CASE("pause: what is set aside expires in its time") {
    sending_side s({.window = 1});
    pause(s, {scope_kind::source, "crm"}, false, source);
    s.accept(of_run(s, "a"));
    store_and_claim(s);
    CHECK(set_aside(s) == 1);
    s.pass(2h);
    sweep(s);
    CHECK(in_state(s, message_state::expired) == 1);
    CHECK(set_aside(s) == 0);
    CHECK(complaints(s) == "");
}

TEST_CASE("pause: scopes cover what they name") {
    const message m{.source = 2, .type = 7, .account = 5, .run = "a"};
    const struct {
        scope which;
        store::scope_numbers numbers;
        bool sets_aside, stops, still;
    } rows[] = {{{scope_kind::everything, ""}, {}, false, true, true},
                {{scope_kind::account, "sim"}, {5}, false, true, true},
                {{scope_kind::account, "other"}, {6}, false, false, false},
                {{scope_kind::source, "crm"}, {2}, true, true, false},
                {{scope_kind::source, "erp"}, {3}, false, false, false},
                {{scope_kind::type, "bill"}, {7}, true, true, false},
                {{scope_kind::type, "bill", "crm"}, {7, 2}, true, true, false},
                {{scope_kind::type, "bill", "erp"}, {7, 3}, false, false, false},
                {{scope_kind::type, "bill", "gone"}, {7}, false, false, false},
                {{scope_kind::run, "a"}, {}, true, true, false},
                {{scope_kind::run, "a", "crm"}, {0, 2}, true, true, false},
                {{scope_kind::run, "a", "erp"}, {0, 3}, false, false, false},
                {{scope_kind::run, "b"}, {}, false, false, false}};
    for (const auto& row : rows) {
        CAPTURE(shown(row.which));
        delivery::pauses p;
        p.add({.scope = row.which}, row.numbers);
        CHECK((p.covering(m) != nullptr) == row.sets_aside);
        CHECK(p.stands_still(5) == row.still);
        p.add({.scope = row.which, .stopped = true}, row.numbers);
        CHECK(p.all().size() == 1);
        CHECK((p.covering(m) != nullptr) == row.stops);
        CHECK(p.remove(row.which).size() == 1);
        CHECK(p.empty());
    }
}

TEST_CASE("pause: a run of one source is not that of another; resumed by its name, all of it is") {
    sending_side s({.window = 4});
    const scope of_crm{scope_kind::run, "a", "crm"};
    s.desk().pause({of_crm, false, "li", "wrong amounts", s.now}, {0, source}, by_li("pause"));
    s.desk().pause({{scope_kind::run, "a", "erp"}, false, "li", "?", s.now}, {0, 3},
                   by_li("pause"));
    s.accept(of_run(s, "a"));
    auto other = of_run(s, "a");
    other.source = 4;
    s.accept(std::move(other));
    s.pulse();
    REQUIRE(s.at_carrier().seen.size() == 1);
    CHECK(s.at_carrier().seen[0].octets == "m2");
    s.crash();
    CHECK(s.desk().paused().all().size() == 2);
    CHECK_FALSE(s.desk().resume({scope_kind::run, "a", "hr"}, by_li("resume")));
    CHECK(s.desk().resume(run_a, by_li("resume")));
    s.settle();
    CHECK(s.desk().paused().empty());
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM pause") == 0);
}

namespace {

id only_message(sending_side& s) { return live_db::number(s.db(), "SELECT max(id) FROM message"); }

std::vector<store::submitted_part> submitted(sending_side& s) {
    store::reader reader(s.file(), s.file().parent_path() / "history");
    id first = 1;
    return reader.submitted(first, only_message(s), 10);
}

} // namespace

TEST_CASE("cancel: what only waits is closed, wherever it waits") {
    for (const bool paused : {false, true}) {
        sending_side s({.window = 1});
        s.lane().slots(0, "down");
        s.accept(of_run(s, "a"));
        s.pass(6s); // long enough to spill into the store's queue
        if (paused)
            pause(s, run_a);
        store_and_claim(s);
        bool done = false;
        s.desk().withdraw(only_message(s), by_li("cancel"), [&] { done = true; });
        s.settle();
        CHECK(done);
        CHECK(in_state(s, message_state::cancelled) == 1);
        CHECK(live_db::number(s.db(), "SELECT count(*) FROM operation WHERE what='cancel'") == 1);
        CHECK(complaints(s) == "");
        s.link_up();
        s.pass(10s);
        CHECK(s.at_carrier().seen.empty());
    }
}

TEST_CASE(
    "cancel: what the carrier takes back is cancelled, and what it does not stays submitted") {
    using kind = sdk::cancellation::kind;
    for (const auto said : {kind::cancelled, kind::too_late, kind::unknown}) {
        sending_side s({.window = 4});
        s.at_carrier().on_cancel = said;
        s.accept(of_run(s, "a", 2));
        s.pulse();
        answer_all(s);
        const auto parts = submitted(s);
        REQUIRE(parts.size() == 2);
        std::vector<kind> heard;
        for (const auto& p : parts)
            s.desk().recall(p, "cancelled: wrong", [&](const auto& c) { heard.push_back(c.what); });
        s.settle();
        CHECK(heard == std::vector{said, said});
        CHECK(s.at_carrier().taken_back == std::vector<std::string>{"r1", "r2"});
        CHECK(in_state(s, message_state::cancelled) == (said == kind::cancelled ? 1 : 0));
        CHECK(in_state(s, message_state::submitted) == (said == kind::cancelled ? 0 : 1));
        CHECK(complaints(s) == "");
    }
}

TEST_CASE("pause: a stop asks the carrier to take back what it has") {
    sending_side s({.window = 4});
    s.accept(of_run(s, "a"));
    s.accept(of_run(s, "b"));
    s.pulse();
    answer_all(s);
    pause(s, run_a, true);
    CHECK(sweep(s) == 1);
    CHECK(s.at_carrier().taken_back == std::vector<std::string>{"r1"});
    CHECK(in_state(s, message_state::cancelled) == 1);
    CHECK(in_state(s, message_state::submitted) == 1);
}

} // namespace pause_test

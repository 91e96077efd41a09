#include "delivery/rig.hpp"

#include <doctest/doctest.h>

namespace lane_test {

using namespace posthorn;
using namespace rig;

namespace {

std::string complaints(sending_side& s) { return live_db::joined(live_db::audit(s.db())); }

std::vector<std::string> order_of(sending_side& s) {
    std::vector<std::string> out;
    for (const auto& one : s.at_carrier().seen)
        out.push_back(one.octets);
    return out;
}

} // namespace

TEST_CASE("delivery: under a rate, messages leave in the order they came") {
    sending_side s({.window = 100, .rate = 20});
    for (int i = 0; i < 30; ++i)
        s.accept(s.new_message(1, on_uncertain::hold, 1h));
    for (int i = 0; i < 40; ++i)
        s.pass(50ms);
    std::vector<std::string> expected;
    for (int i = 1; i <= 30; ++i)
        expected.push_back("m" + std::to_string(i));
    CHECK(order_of(s) == expected);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: a window is filled and never overfilled, however long the texts are") {
    sending_side s({.window = 5});
    for (int i = 0; i < 20; ++i)
        s.accept(s.new_message(static_cast<std::size_t>(i % 3 + 1), on_uncertain::hold, 1h));
    std::size_t answered = 0;
    for (int round = 0; round < 200; ++round) {
        s.pulse();
        std::size_t open = 0;
        for (const auto& one : s.at_carrier().seen)
            open += one.said == answer::none;
        CHECK(open <= 5);
        if (answered + open < 39)
            CHECK(open == 5);
        for (auto& one : s.at_carrier().seen)
            if (one.said == answer::none) {
                s.tell(one, answer::accepted);
                ++answered;
                break;
            }
    }
    CHECK(answered == 39);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: an adapter is told of which type a text is") {
    sending_side s({.window = 5});
    s.accept(s.new_message(1, on_uncertain::hold, 1h));
    s.pulse();
    REQUIRE(s.at_carrier().seen.size() == 1);
    CHECK(s.at_carrier().seen.front().type == "bill");
}

TEST_CASE("delivery: a throttled text is not overtaken by those behind it") {
    sending_side s({.window = 2});
    for (int i = 0; i < 4; ++i)
        s.accept(s.new_message(1, on_uncertain::hold, 1h));
    s.pulse();
    REQUIRE(order_of(s) == std::vector<std::string>{"m1", "m2"});
    s.tell(s.at_carrier().seen[0], answer::throttled, 1s);
    s.tell(s.at_carrier().seen[1], answer::accepted);
    s.pulse();
    CHECK(s.at_carrier().seen.size() == 2); // the account stands still
    s.pass(2s);
    CHECK(order_of(s) == std::vector<std::string>{"m1", "m2", "m1", "m3"});
}

TEST_CASE("delivery: a long text whose parts are all throttled does not block its lane") {
    sending_side s({.window = 4});
    s.accept(s.new_message(3, on_uncertain::hold, 1h));
    s.pulse();
    for (std::size_t i = 0; i < 3; ++i)
        s.tell(s.at_carrier().seen[i], answer::throttled, 1s);
    s.accept(s.new_message(1, on_uncertain::hold, 1h));
    s.pass(2s);
    CHECK(s.at_carrier().seen.size() == 7);
    CHECK(s.lane().open() == 4);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: what a dead link keeps waiting is spilled, survives, and leaves in order") {
    sending_side s({.window = 10});
    s.link_down();
    for (int i = 0; i < 50; ++i)
        s.accept(s.new_message(1, on_uncertain::hold, 1h));
    s.pulse();
    CHECK(s.taken_in == 0);
    s.pass(6s);
    CHECK(s.taken_in == 50); // the outbox is emptied although nothing leaves
    s.crash();
    for (int i = 0; i < 100; ++i) {
        for (auto& one : s.at_carrier().seen)
            if (one.said == answer::none)
                s.tell(one, answer::accepted);
        s.pass(100ms);
    }
    std::vector<std::string> expected;
    for (int i = 1; i <= 50; ++i)
        expected.push_back("m" + std::to_string(i));
    CHECK(order_of(s) == expected);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: after its link has died a waiting message still expires") {
    for (const std::size_t parts : {1U, 2U}) {
        CAPTURE(parts);
        sending_side s({.window = 1});
        s.accept(s.new_message(parts, on_uncertain::resend));
        s.accept(s.new_message(1, on_uncertain::hold));
        s.pulse();
        s.link_down(); // the first is uncertain now, the second waits
        s.pass(10s);
        s.pass(60s);
        s.pass(60s);
        CHECK(live_db::number(s.db(), "SELECT count(*) FROM message WHERE final_at=0") == 0);
        CHECK(live_db::number(s.db(),
                              "SELECT count(*) FROM message WHERE state=" +
                                  std::to_string(static_cast<int>(message_state::expired))) == 1);
        CHECK(s.desk().in_hand() == 0);
        CHECK(complaints(s) == "");
    }
}

TEST_CASE("delivery: an account without receipts is unconfirmed at once") {
    sending_side s({.window = 2, .receipts = false});
    s.accept(s.new_message(2, on_uncertain::hold));
    s.pulse();
    s.tell(s.at_carrier().seen[0], answer::accepted);
    s.tell(s.at_carrier().seen[1], answer::accepted);
    s.pulse();
    CHECK(live_db::number(s.db(), "SELECT state FROM message") ==
          static_cast<int>(message_state::unconfirmed));
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: urgent messages do not starve the others of a busy window") {
    sending_side s({.window = 1});
    for (int i = 0; i < 40; ++i)
        s.accept(s.new_message(1, on_uncertain::hold, 1h, priority::bulk));
    for (int i = 0; i < 40; ++i)
        s.accept(s.new_message(1, on_uncertain::hold, 1h, priority::urgent));
    for (int i = 0; i < 21; ++i) {
        s.pulse();
        s.tell(s.at_carrier().seen.back(), answer::accepted);
    }
    s.settle();
    const auto left =
        live_db::number(s.db(), "SELECT count(*) FROM message WHERE priority=2 AND part_state=3");
    CHECK(left >= 9);
    CHECK(left <= 12);
}

TEST_CASE("delivery: while halted nothing leaves or expires, and answers are still recorded") {
    sending_side s({.window = 1});
    s.accept(s.new_message(1, on_uncertain::hold));
    s.accept(s.new_message(1, on_uncertain::hold));
    s.pulse();
    s.desk().halt("the clock has jumped");
    s.tell(s.at_carrier().seen.at(0), answer::accepted);
    s.pass(1h);
    CHECK(s.at_carrier().seen.size() == 1);
    CHECK(s.taken_in == 1); // the other one waits in its outbox
    CHECK(live_db::number(s.db(), "SELECT state FROM message") ==
          static_cast<int>(message_state::submitted));
    s.now -= 1h;
    s.desk().halt("");
    s.pulse();
    CHECK(s.at_carrier().seen.size() == 2);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: after a restart a repeated receipt is not taken for that of another text") {
    sending_side s({.window = 2});
    s.accept(s.new_message(1, on_uncertain::hold, 1h));
    s.pulse();
    auto first = s.at_carrier().seen.at(0);
    s.tell(s.at_carrier().seen.at(0), answer::accepted);
    s.receipt(first.ref, sdk::receipt_state::delivered, "", [] {});
    s.settle();
    s.accept(s.new_message(1, on_uncertain::hold, 1h));
    s.pulse();
    s.crash(); // the second is uncertain now, and the carrier repeats what it told of the first
    bool stored = false;
    s.receipt(first.ref, sdk::receipt_state::delivered, "", [&] { stored = true; });
    s.settle();
    CHECK(stored);
    CHECK(s.desk().uncertain().size() == 1);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: an answer that comes too late settles the doubt, and its receipt is known") {
    sending_side s({.window = 2});
    s.accept(s.new_message(2, on_uncertain::hold, 1h));
    s.pulse();
    for (auto& one : s.at_carrier().seen)
        s.tell(one, answer::uncertain);
    s.settle();
    CHECK(s.desk().uncertain().size() == 2);
    s.tell_late(s.at_carrier().seen[0], answer::accepted);
    s.tell_late(s.at_carrier().seen[1], answer::accepted);
    s.settle();
    CHECK(s.desk().uncertain().size() == 0);
    CHECK(live_db::number(s.db(), "SELECT state FROM message") ==
          static_cast<int>(message_state::submitted));
    for (auto& one : s.at_carrier().seen)
        s.receipt(one.ref, sdk::receipt_state::delivered, "", [] {});
    s.settle();
    CHECK(live_db::number(s.db(), "SELECT state FROM message") ==
          static_cast<int>(message_state::delivered));
    CHECK(s.at_carrier().seen.size() == 2);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: a refusal that comes too late ends a text that was sent once") {
    sending_side s({.window = 1});
    s.accept(s.new_message(1, on_uncertain::resend, 1h));
    s.pulse();
    s.tell(s.at_carrier().seen[0], answer::uncertain);
    s.settle();
    s.tell_late(s.at_carrier().seen[0], answer::rejected);
    s.pass(10s);
    CHECK(s.at_carrier().seen.size() == 1);
    CHECK(live_db::number(s.db(), "SELECT state FROM message") ==
          static_cast<int>(message_state::rejected));
    CHECK(s.desk().in_hand() == 0);
    CHECK(complaints(s) == "");
}

TEST_CASE(
    "delivery: of two parts to be sent again one is settled, and the other is not forgotten") {
    sending_side s({.window = 2});
    s.accept(s.new_message(2, on_uncertain::resend, 1h));
    s.pulse();
    REQUIRE(s.at_carrier().seen.size() == 2);
    for (auto& one : s.at_carrier().seen)
        s.tell(one, answer::uncertain);
    s.accept(s.new_message(2, on_uncertain::hold, 1h)); // takes all the window
    s.pulse();
    REQUIRE(s.at_carrier().seen.size() == 4);
    s.pass(3s); // both wait to be sent again
    auto& first = s.at_carrier().seen[0];
    s.tell_late(first, answer::accepted);
    s.receipt(first.ref, sdk::receipt_state::delivered, "", [] {});
    s.pulse();
    for (std::size_t i : {2U, 3U})
        s.tell(s.at_carrier().seen[i], answer::accepted);
    for (int i = 0; i < 10; ++i)
        s.pass(1s);
    REQUIRE(s.at_carrier().seen.size() == 5);
    CHECK(s.at_carrier().seen[4].octets == "m1p2");
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: receipts without an id are each kept") {
    sending_side s({.window = 1});
    int stored = 0;
    for (const auto* phone : {"8613800000001", "8613800000002", "8613800000003"})
        s.receipt(
            "", sdk::receipt_state::delivered, "", [&] { ++stored; }, phone);
    s.settle();
    CHECK(stored == 3);
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM receipt") == 3);
    s.crash();
    CHECK(live_db::number(s.db(), "SELECT count(*) FROM receipt") == 3);
}

TEST_CASE("delivery: where receipts repeat our reference, it says which of two doubts is meant") {
    sending_side s({.window = 3});
    for (int i = 0; i < 3; ++i)
        s.accept(s.new_message(1, on_uncertain::hold, 1h));
    s.pulse();
    auto& seen = s.at_carrier().seen;
    s.tell(seen[0], answer::accepted);
    s.receipt_echoing(seen[0]); // teaches that this account echoes
    s.tell(seen[1], answer::uncertain);
    s.tell(seen[2], answer::uncertain);
    s.receipt_echoing(seen[2]);
    s.settle();
    REQUIRE(s.desk().uncertain().size() == 1);
    CHECK(s.desk().uncertain().all().front().out->message.text == seen[1].octets);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: a text that its adapter keeps to its end is offered once") {
    sending_side s({.window = 2});
    s.accept(s.new_message(1, on_uncertain::hold, 10s));
    s.pulse();
    s.now += 9500ms;
    s.tell_not_sent(s.at_carrier().seen.at(0), 500ms);
    for (int i = 0; i < 4; ++i)
        s.pass(100ms);
    CHECK(s.at_carrier().seen.size() == 1);
    s.pass(1s);
    CHECK(live_db::number(s.db(), "SELECT state FROM message") ==
          static_cast<int>(message_state::expired));
    CHECK(s.at_carrier().seen.size() == 1);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: an accepted text proves what was acknowledged before it, over one link only") {
    bool one_link = false;
    SUBCASE("one link") { one_link = true; }
    SUBCASE("several links") {}
    sending_side s({.one_link = one_link});
    s.lane().link_ended();
    for (int i = 0; i < 2; ++i)
        s.accept(s.new_message(1, on_uncertain::hold));
    s.pulse();
    const auto opened_at = s.now;
    s.pass(3s);
    s.tell(*s.open_submission("m1"), answer::accepted);
    s.tell(*s.open_submission("m2"), answer::rejected);
    s.lane().link_ended();
    CHECK(s.links_lost == std::vector{instant{}, one_link ? opened_at : instant{}});
}

TEST_CASE("delivery: that nothing can be sent is not yet a lost link that texts came over") {
    sending_side s({});
    s.link_down();
    s.link_up();
    CHECK(s.links_lost.empty());
}

} // namespace lane_test

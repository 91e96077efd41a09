// Accounts that carry a long text whole, and carriers that send one receipt for all of its parts.
#include "delivery/rig.hpp"

#include <doctest/doctest.h>

namespace whole_text_test {

using namespace posthorn;
using namespace rig;

namespace {

constexpr sdk::carriage whole{.whole = 1000}, one_receipt{.one_receipt = true};

std::string complaints(sending_side& s) { return live_db::joined(live_db::audit(s.db())); }

// States and repeats of the parts: "delivered 0, delivered 0".
std::string parts_of(sending_side& s) {
    store::statement rows(s.db(), "SELECT part_state, repeats FROM part ORDER BY message, n");
    std::string out;
    while (rows.row())
        out += std::string(out.empty() ? "" : ", ") +
               std::string(name_of(static_cast<part_state>(rows.number(0)))) + " " +
               std::to_string(rows.number(1));
    return out;
}

message_state state_of(sending_side& s) {
    return static_cast<message_state>(live_db::number(s.db(), "SELECT state FROM message"));
}

} // namespace

TEST_CASE("delivery: a text that is carried whole is one unit, one answer and one receipt") {
    sending_side s({.window = 1, .carries = whole});
    s.accept(s.new_message(3, on_uncertain::hold));
    s.pulse();
    auto& seen = s.at_carrier().seen;
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].octets == "m1");
    CHECK(!seen[0].udh);
    CHECK(s.lane().open() == 1);
    CHECK(parts_of(s) == "sending 0, sending 0, sending 0");
    s.tell(seen[0], answer::accepted);
    s.pulse();
    CHECK(parts_of(s) == "submitted 0, submitted 0, submitted 0");
    CHECK(s.desk().waiting_for_receipts() == 1);
    SUBCASE("delivered") {
        s.receipt(seen[0].ref, sdk::receipt_state::delivered, "", [] {});
        s.pulse();
        CHECK(state_of(s) == message_state::delivered);
    }
    SUBCASE("failed") {
        s.receipt(seen[0].ref, sdk::receipt_state::undelivered, "", [] {});
        s.pulse();
        CHECK(state_of(s) == message_state::undelivered);
    }
    SUBCASE("delivered, as a restarted daemon hears") {
        s.crash();
        s.receipt(s.at_carrier().seen[0].ref, sdk::receipt_state::delivered, "", [] {});
        s.pulse();
        CHECK(state_of(s) == message_state::delivered);
    }
    CHECK(s.desk().waiting_for_receipts() == 0);
    CHECK(seen.size() == 1);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: a whole text that comes back goes again as it was") {
    sending_side s({.window = 2, .carries = whole});
    auto& seen = s.at_carrier().seen;
    s.accept(s.new_message(2, on_uncertain::resend, 1h));
    s.pulse();
    SUBCASE("throttled") { s.tell(seen.at(0), answer::throttled, 1s); }
    SUBCASE("deferred") { s.tell(seen.at(0), answer::deferred); }
    SUBCASE("its answer never came") { s.tell(seen.at(0), answer::uncertain); }
    SUBCASE("the link died") {
        s.link_down();
        s.link_up();
    }
    SUBCASE("the daemon died") { s.crash(); }
    SUBCASE("the daemon died before its bytes left") {
        s.tell(seen.at(0), answer::deferred);
        s.now += 3s;
        s.open_unheard();
        s.crash();
    }
    for (int i = 0; i < 5; ++i)
        s.pass(3s);
    REQUIRE(seen.size() == 2);
    CHECK(seen[1].octets == seen[0].octets);
    CHECK(!seen[1].udh);
    CHECK(seen[1].reference == seen[0].reference);
    s.tell(seen[1], answer::accepted);
    s.receipt(seen[1].ref, sdk::receipt_state::delivered, "", [] {});
    s.pulse();
    CHECK(state_of(s) == message_state::delivered);
    CHECK(s.desk().in_hand() == 0);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: a whole text in doubt is settled whole, by a receipt or a person") {
    sending_side s({.carries = whole});
    auto& seen = s.at_carrier().seen;
    s.accept(s.new_message(2, on_uncertain::hold, 1h));
    s.pulse();
    s.tell(seen.at(0), answer::uncertain);
    s.pulse();
    CHECK(s.desk().uncertain().size() == 1);
    CHECK(parts_of(s) == "uncertain 0, uncertain 0");
    const auto id = s.desk().uncertain().all().front().out->message.id;
    std::string expected;
    SUBCASE("a receipt that can only be its own") {
        s.receipt("unknown", sdk::receipt_state::delivered, "", [] {});
        expected = "delivered 0, delivered 0";
    }
    SUBCASE("its answer, late") {
        s.tell_late(seen[0], answer::accepted);
        expected = "submitted 0, submitted 0";
    }
    SUBCASE("taken as sent, named by its second part") {
        CHECK(s.desk().settle(id, 2, false, {.who = "li", .what = "uncertain", .reason = "x"}));
        expected = "submitted 0, submitted 0";
    }
    SUBCASE("sent again: both parts count as repeated") {
        CHECK(s.desk().settle(id, 1, true, {.who = "li", .what = "uncertain", .reason = "x"}));
        s.pulse();
        REQUIRE(seen.size() == 2);
        CHECK(seen[1].octets == "m1");
        expected = "sending 1, sending 1";
    }
    SUBCASE("nobody settles it") {
        s.pass(61s);
        expected = "unresolved 0, unresolved 0";
    }
    s.pulse();
    CHECK(parts_of(s) == expected);
    CHECK(s.desk().uncertain().size() == 0);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: what is longer than the carrier takes at once goes in parts") {
    sending_side s({.window = 10, .carries = {.whole = 1}});
    s.accept(s.new_message(2, on_uncertain::hold));
    s.pulse();
    REQUIRE(s.at_carrier().seen.size() == 2);
    CHECK(s.at_carrier().seen[0].octets == "m1p1");
    CHECK(s.at_carrier().seen[0].udh);
}

TEST_CASE("delivery: whole texts count as their parts against the rate") {
    sending_side s({.window = 100, .rate = 10, .carries = whole});
    for (int i = 0; i < 20; ++i)
        s.accept(s.new_message(3, on_uncertain::hold, 1h));
    for (int i = 0; i < 30; ++i)
        s.pass(100ms);
    // three seconds: 30 parts, and the one that was owed at the beginning
    CHECK(s.at_carrier().seen.size() >= 10);
    CHECK(s.at_carrier().seen.size() <= 11);
}

TEST_CASE("delivery: a whole text is taken back by one question") {
    sending_side s({.carries = whole});
    s.accept(s.new_message(3, on_uncertain::hold));
    s.pulse();
    const auto ref = s.at_carrier().seen.at(0).ref;
    s.tell(s.at_carrier().seen[0], answer::accepted);
    s.pulse();
    store::reader reader(s.file(), s.file().parent_path() / "history");
    posthorn::id first = 1;
    const auto parts = reader.submitted(first, std::numeric_limits<posthorn::id>::max() - 1, 10);
    REQUIRE(parts.size() == 1);
    bool told = false;
    s.desk().recall(parts[0], "cancelled: x",
                    [&](auto said) { told = said.what == sdk::cancellation::kind::cancelled; });
    s.settle();
    CHECK(told);
    CHECK(s.at_carrier().taken_back == std::vector<std::string>{ref});
    CHECK(state_of(s) == message_state::cancelled);
    CHECK(s.desk().waiting_for_receipts() == 0);
}

TEST_CASE("delivery: where one receipt is for all parts, the first settles what has left") {
    sending_side s({.window = 3, .carries = one_receipt});
    auto& seen = s.at_carrier().seen;
    s.accept(s.new_message(3, on_uncertain::hold));
    s.pulse();
    REQUIRE(seen.size() == 3);
    auto state = sdk::receipt_state::delivered;
    auto expected = message_state::delivered;
    std::size_t which = 2;
    SUBCASE("of the last part") {}
    SUBCASE("of the first part") { which = 0; }
    SUBCASE("of failure") {
        state = sdk::receipt_state::undelivered;
        expected = message_state::undelivered;
    }
    for (auto& one : seen)
        s.tell(one, answer::accepted);
    s.pulse();
    CHECK(s.desk().waiting_for_receipts() == 3);
    SUBCASE("as a restarted daemon hears") { s.crash(); }
    s.receipt(seen[which].ref, state, "", [] {});
    s.pulse();
    CHECK(state_of(s) == expected);
    CHECK(s.desk().waiting_for_receipts() == 0);
    s.receipt(seen[1].ref, state, "", [] {}); // one that comes after all changes nothing
    s.pulse();
    CHECK(state_of(s) == expected);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: answers that come after the one receipt for all change nothing") {
    for (const auto later : {answer::accepted, answer::uncertain}) {
        sending_side s({.window = 3, .carries = one_receipt});
        auto& seen = s.at_carrier().seen;
        s.accept(s.new_message(3, on_uncertain::hold));
        s.pulse();
        REQUIRE(seen.size() == 3);
        s.tell(seen[0], answer::accepted);
        s.receipt(seen[0].ref, sdk::receipt_state::delivered, "", [] {});
        s.pulse();
        s.tell(seen[1], later);
        s.tell(seen[2], later);
        s.pulse();
        CHECK(state_of(s) == message_state::delivered);
        CHECK(s.desk().waiting_for_receipts() == 0);
        CHECK(s.desk().uncertain().size() == 0);
        CHECK(complaints(s) == "");
    }
}

TEST_CASE("delivery: one receipt settles also the part whose answer never came") {
    sending_side s({.window = 2, .carries = one_receipt});
    auto& seen = s.at_carrier().seen;
    s.accept(s.new_message(2, on_uncertain::resend, 1h));
    s.pulse();
    REQUIRE(seen.size() == 2);
    s.tell(seen[0], answer::uncertain);
    s.tell(seen[1], answer::accepted);
    s.receipt(seen[1].ref, sdk::receipt_state::delivered, "", [] {});
    for (int i = 0; i < 4; ++i)
        s.pass(3s);
    CHECK(parts_of(s) == "delivered 0, delivered 0");
    CHECK(seen.size() == 2); // nothing is sent again
    CHECK(s.desk().uncertain().size() == 0);
    CHECK(s.desk().in_hand() == 0);
    CHECK(complaints(s) == "");
}

TEST_CASE("delivery: parts that were all given one id are settled by its receipt") {
    sending_side s({.window = 2});
    auto& seen = s.at_carrier().seen;
    s.accept(s.new_message(2, on_uncertain::hold));
    s.pulse();
    REQUIRE(seen.size() == 2);
    seen[0].ref = seen[1].ref = "same";
    s.tell(seen[0], answer::accepted);
    s.tell(seen[1], answer::accepted);
    s.pulse();
    SUBCASE("at once") {}
    SUBCASE("after a restart") { s.crash(); }
    s.receipt("same", sdk::receipt_state::delivered, "", [] {});
    s.pulse();
    CHECK(state_of(s) == message_state::delivered);
    CHECK(s.desk().waiting_for_receipts() == 0);
    CHECK(complaints(s) == "");
}

} // namespace whole_text_test

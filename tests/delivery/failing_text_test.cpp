// Texts that one account could not deliver, or has no receipt for: they go once more by another one where
// their type says so, and nobody sees a state that is not the last.
#include "delivery/rig.hpp"

#include <doctest/doctest.h>

namespace failing_text_test {

using namespace rig;

namespace {

constexpr posthorn::failover_rule both{.undelivered = true, .no_receipt = true, .after = 30s};

setup two(posthorn::failover_rule rule = both) {
    setup s{
        .window = 4, .second = true, .seats = {{pool, {{account, 0, 0}, {second_account, 1, 0}}}}};
    s.rules.failover = rule;
    return s;
}

int sent(const carrier& c) { return static_cast<int>(c.seen.size()); }

std::string column(sending_side& s, const std::string& what, const std::string& from = "message") {
    SQLite::Statement row(s.db(), "SELECT " + what + " FROM " + from);
    return row.executeStep() ? row.getColumn(0).getString() : "";
}

bool is(sending_side& s, message_state state) {
    return column(s, "state") == std::to_string(static_cast<int>(state));
}

bool comes(sending_side& s, const carrier& c, int n) {
    for (int i = 0; i < 200 && sent(c) < n; ++i)
        s.pulse();
    return sent(c) == n;
}

void receipt(sending_side& s, delivery::lane& of, const submission& about,
             sdk::receipt_state what) {
    of.arrived({{.ref = about.ref, .state = what, .code = "UNDELIV", .recipient = "8613800000000"}},
               {}, [] {});
    s.settle();
}

constexpr auto failed = sdk::receipt_state::undelivered;
constexpr auto arrived = sdk::receipt_state::delivered;

// It is with the first account, which has accepted it.
void submit_one(sending_side& s, message m) {
    s.accept(std::move(m));
    s.settle();
    for (auto& one : s.at_carrier().seen)
        s.tell(one, answer::accepted);
    s.settle();
}
void submit_one(sending_side& s, on_uncertain doubt = on_uncertain::hold) {
    submit_one(s, s.new_message(1, doubt, 600s));
}

void accept_all(sending_side& s) {
    for (auto& one : s.at_second().seen)
        if (one.said == answer::none)
            s.tell_by(s.second(), one, answer::accepted);
    s.settle();
}

void balances(sending_side& s) {
    s.stop_store();
    CHECK(live_db::joined(live_db::audit(s.db())) == "");
    CHECK(live_db::joined(live_db::audit_books(s.db())) == "");
}

// Of the first account; the other one has the text by then, or has no link.
void no_receipt_comes(sending_side& s, bool other_has_it) {
    submit_one(s);
    if (!other_has_it)
        s.second().slots(0, "link lost");
    s.pass(31s);
    if (!other_has_it)
        return;
    REQUIRE(comes(s, s.at_second(), 1));
    accept_all(s);
}

} // namespace

TEST_CASE(
    "failing text: one that failed goes by the other account, and only the last outcome is told") {
    const struct {
        sdk::receipt_state what;
        message_state comes_to;
    } rows[] = {{arrived, message_state::delivered}, {failed, message_state::undelivered}};
    for (const auto& row : rows) {
        CAPTURE(static_cast<int>(row.what));
        sending_side s(two());
        submit_one(s);
        s.second().slots(0, "link lost");
        receipt(s, s.lane(), s.at_carrier().seen[0], failed);
        CHECK(is(s, message_state::submitted));
        s.second().slots(4, "up");
        REQUIRE(comes(s, s.at_second(), 1));
        CHECK(is(s, message_state::sending));
        CHECK(s.at_second().seen[0].sender == "1070");
        CHECK(s.at_second().seen[0].octets == s.at_carrier().seen[0].octets);
        accept_all(s);
        CHECK(is(s, message_state::submitted));
        receipt(s, s.second(), s.at_second().seen[0], row.what);
        CHECK(is(s, row.comes_to));
        s.pass(60s);
        CHECK(sent(s.at_carrier()) == 1);
        CHECK(sent(s.at_second()) == 1);
        CHECK(column(s, "repeats") == "1");
        CHECK(column(s, "attempts") == "2");
        CHECK(column(s, "reason", "decision") == "a did not deliver it: UNDELIV");
        CHECK(column(s, "outcome || ' ' || code", "attempt") == "went by another account UNDELIV");
        CHECK(column(s, "n", "tally WHERE what='failovers'") == "1");
        balances(s);
    }
}

TEST_CASE("failing text: one without a receipt goes by the other account when its time is over") {
    sending_side s(two());
    submit_one(s);
    s.pass(29s);
    CHECK(sent(s.at_second()) == 0);
    s.pass(2s);
    REQUIRE(comes(s, s.at_second(), 1));
    accept_all(s);
    s.pass(100s); // the second is the last
    CHECK(sent(s.at_carrier()) + sent(s.at_second()) == 2);
    CHECK(is(s, message_state::submitted));
    CHECK(column(s, "reason", "decision") == "a has no receipt in time");
    balances(s);
}

TEST_CASE("failing text: what has its receipt in time stays where it is, and so does what nobody "
          "asked for") {
    const struct {
        posthorn::failover_rule rule;
        std::optional<sdk::receipt_state> receipt;
        message_state comes_to;
    } rows[] = {
        {both, arrived, message_state::delivered},
        {{.undelivered = true}, std::nullopt, message_state::submitted},
        {{.no_receipt = true, .after = 30s}, failed, message_state::undelivered},
        {{}, failed, message_state::undelivered},
    };
    for (const auto& row : rows) {
        CAPTURE(&row - rows);
        sending_side s(two(row.rule));
        submit_one(s);
        if (row.receipt)
            receipt(s, s.lane(), s.at_carrier().seen[0], *row.receipt);
        s.pass(60s);
        CHECK(is(s, row.comes_to));
        CHECK(sent(s.at_second()) == 0);
        balances(s);
    }
}

TEST_CASE("failing text: a late receipt of the first account settles it, whoever has it by then") {
    for (const bool begun : {false, true}) {
        CAPTURE(begun);
        sending_side s(two());
        no_receipt_comes(s, begun);
        receipt(s, s.lane(), s.at_carrier().seen[0], arrived);
        CHECK(is(s, message_state::delivered));
        s.second().slots(4, "up");
        s.pass(60s);
        CHECK(sent(s.at_second()) == (begun ? 1 : 0));
        CHECK(column(s, "count(*)", "queue") == "0");
        balances(s);
    }
}

TEST_CASE(
    "failing text: that it failed by the first account changes nothing once the other one has it") {
    sending_side s(two());
    submit_one(s);
    s.pass(31s);
    REQUIRE(comes(s, s.at_second(), 1));
    accept_all(s);
    receipt(s, s.lane(), s.at_carrier().seen[0], failed);
    CHECK(is(s, message_state::submitted));
    receipt(s, s.second(), s.at_second().seen[0], arrived);
    CHECK(is(s, message_state::delivered));
    balances(s);
}

TEST_CASE("failing text: a long one goes whole, as new parts") {
    sending_side s(two());
    auto m = s.new_message(3, on_uncertain::hold, 600s);
    m.text = std::string(300, 'x'); // two parts of the other account
    submit_one(s, std::move(m));
    REQUIRE(sent(s.at_carrier()) == 3);
    receipt(s, s.lane(), s.at_carrier().seen[0], arrived);
    s.second().slots(0, "link lost");
    receipt(s, s.lane(), s.at_carrier().seen[1], failed);
    CHECK(is(s, message_state::submitted));
    s.second().slots(4, "up");
    REQUIRE(comes(s, s.at_second(), 2));
    CHECK(s.at_second().seen[0].octets.substr(0, 3) == std::string("\x05\0\x03", 3));
    CHECK(s.at_second().seen[0].octets != s.at_carrier().seen[0].octets);
    receipt(s, s.lane(), s.at_carrier().seen[2], failed); // of the account before
    accept_all(s);
    for (const auto& one : s.at_second().seen)
        receipt(s, s.second(), one, arrived);
    CHECK(is(s, message_state::delivered));
    CHECK(column(s, "sum(repeats)", "part") == "2");
    balances(s);
}

TEST_CASE("failing text: a long one arrived by the first account when all of its parts have") {
    sending_side s(two());
    submit_one(s, s.new_message(2, on_uncertain::hold, 600s));
    receipt(s, s.lane(), s.at_carrier().seen[0], arrived);
    s.pass(31s);
    REQUIRE(comes(s, s.at_second(), 1)); // its text is short
    accept_all(s);
    receipt(s, s.lane(), s.at_carrier().seen[1], arrived);
    CHECK(is(s, message_state::delivered));
    balances(s);
}

TEST_CASE("failing text: while a part is uncertain, or still to leave, none goes again") {
    for (const auto second_part : {answer::uncertain, answer::none}) {
        CAPTURE(static_cast<int>(second_part));
        sending_side s(two());
        s.accept(s.new_message(2, on_uncertain::hold, 600s));
        s.settle();
        s.tell(s.at_carrier().seen[0], answer::accepted);
        if (second_part != answer::none)
            s.tell(s.at_carrier().seen[1], second_part);
        s.settle();
        receipt(s, s.lane(), s.at_carrier().seen[0], failed);
        s.pass(40s);
        CHECK(sent(s.at_second()) == 0);
        CHECK(is(s, message_state::sending));
        balances(s);
    }
}

TEST_CASE("failing text: where it cannot go by another account, it ends as the first one left it") {
    enum class why : std::uint8_t { no_other, too_late, stopped, opted_out };
    for (const auto reason : {why::no_other, why::too_late, why::stopped, why::opted_out}) {
        CAPTURE(static_cast<int>(reason));
        auto with = two();
        with.rules.asks_consent = category::billing;
        sending_side s(std::move(with));
        submit_one(s);
        if (reason == why::no_other)
            s.second().wind_up(true);
        else
            s.second().slots(0, "link lost");
        s.pass(20s);
        receipt(s, s.lane(), s.at_carrier().seen[0], failed);
        for (int i = 0; i < 20; ++i)
            s.pulse();
        if (reason != why::no_other)
            CHECK(is(s, message_state::submitted));
        if (reason == why::too_late) {
            for (int i = 0; i < 100; ++i)
                s.pass(6s);
        } else if (reason == why::stopped) {
            const auto id = std::stoll(column(s, "id"));
            s.desk().withdraw(id, {.who = "li", .what = "cancel", .at = s.now}, [] {});
            s.settle();
        } else if (reason == why::opted_out) {
            s.desk().set_consent({.number = "8613800000000", .at = s.now}, {}, [](const auto&) {});
            s.settle();
            s.second().slots(4, "up");
            for (int i = 0; i < 10; ++i)
                s.pass(6s);
        }
        CHECK(is(s, message_state::undelivered));
        CHECK(sent(s.at_second()) == 0);
        CHECK(column(s, "substr(reason, 1, 58)") ==
              "the carrier reports: UNDELIV; not sent by another account:");
        CHECK(column(s, "count(*)", "queue") == "0");
        balances(s);
    }
}

TEST_CASE("failing text: it survives restarts, before the other account has it and after") {
    for (const bool begun : {false, true}) {
        CAPTURE(begun);
        sending_side s(two());
        no_receipt_comes(s, begun);
        s.crash();
        s.pass(6s); // it may have been put off for a moment
        REQUIRE(comes(s, s.at_second(), 1));
        accept_all(s);
        CHECK(is(s, message_state::submitted));
        receipt(s, s.lane(), s.at_carrier().seen[0], arrived);
        CHECK(is(s, message_state::delivered));
        balances(s);
    }
}

TEST_CASE("failing text: a receipt that is missed after a restart is missed then as well") {
    sending_side s(two());
    submit_one(s);
    s.crash();
    s.pass(31s);
    REQUIRE(comes(s, s.at_second(), 1));
    balances(s);
}

TEST_CASE("failing text: it waits while it is paused, and goes on after that") {
    sending_side s(two());
    submit_one(s);
    s.desk().pause({{scope_kind::source, "s2"}, false, "li", "", s.now}, {source},
                   {.who = "li", .what = "pause"});
    receipt(s, s.lane(), s.at_carrier().seen[0], failed);
    s.pass(10s);
    CHECK(sent(s.at_second()) == 0);
    CHECK(column(s, "count(*)", "set_aside") == "1");
    CHECK(is(s, message_state::submitted));
    balances(s);
}

TEST_CASE(
    "failing text: what the other account puts off goes by that one again, not by the first") {
    sending_side s(two());
    submit_one(s);
    receipt(s, s.lane(), s.at_carrier().seen[0], failed);
    REQUIRE(comes(s, s.at_second(), 1));
    s.tell_by(s.second(), s.at_second().seen[0], answer::deferred);
    s.pass(15s);
    REQUIRE(comes(s, s.at_second(), 2));
    CHECK(sent(s.at_carrier()) == 1);
    accept_all(s);
    balances(s);
}

} // namespace failing_text_test

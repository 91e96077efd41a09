// Two accounts: who takes what by the routes, and what goes by the other one when the first cannot.
#include "delivery/rig.hpp"

#include <doctest/doctest.h>

namespace failover_test {

using namespace rig;

namespace {

setup two(unsigned window = 2) { return {.window = window, .second = true}; }

setup first_and_then() {
    auto s = two();
    s.seats = {{pool, {{account, 0, 0}, {second_account, 1, 0}}}};
    return s;
}

int sent(const carrier& c) { return static_cast<int>(c.seen.size()); }

submission& last(carrier& c) { return c.seen.back(); }

std::string state_of(sending_side& s, const std::string& column) {
    SQLite::Statement row(s.db(), "SELECT " + column + " FROM message");
    return row.executeStep() ? row.getColumn(0).getString() : "";
}

// What was put off is claimed again when the store gets to it.
bool comes(sending_side& s, const carrier& c, int n) {
    for (int i = 0; i < 200 && sent(c) < n; ++i)
        s.pulse();
    return sent(c) == n;
}

void accept_one(sending_side& s, std::size_t parts = 1) {
    s.accept(s.new_message(parts, on_uncertain::hold, 600s));
    s.settle();
}

} // namespace

TEST_CASE("failover: the second choice takes nothing while the first can") {
    sending_side s(first_and_then());
    for (int i = 0; i < 6; ++i)
        accept_one(s);
    CHECK(sent(s.at_carrier()) == 2); // its window is full, and all wait for it
    s.pass(60s);
    CHECK(sent(s.at_second()) == 0);
}

TEST_CASE("failover: when the first has had no link for as long as is set, the second takes") {
    sending_side s(first_and_then());
    s.lane().slots(0, "link lost");
    accept_one(s);
    s.pass(9s);
    CHECK(sent(s.at_second()) == 0);
    s.pass(2s);
    REQUIRE(sent(s.at_second()) == 1);
    CHECK(last(s.at_second()).sender == "1070");
    s.tell_by(s.second(), last(s.at_second()), answer::accepted);
    s.lane().slots(2, "up");
    accept_one(s);
    CHECK(sent(s.at_carrier()) == 1);
    CHECK(sent(s.at_second()) == 1);
}

TEST_CASE("failover: what is paused is passed over at once") {
    sending_side s(first_and_then());
    s.desk().pause({{scope_kind::account, "a"}, false, "li", "", s.now}, {account},
                   {.who = "li", .what = "pause"});
    s.settle();
    accept_one(s);
    CHECK(sent(s.at_carrier()) == 0);
    CHECK(sent(s.at_second()) == 1);
}

TEST_CASE("failover: throttled for long, the first is passed over until its pause is over") {
    sending_side s(first_and_then());
    accept_one(s);
    s.tell(last(s.at_carrier()), answer::throttled, 5s);
    s.settle();
    CHECK(sent(s.at_second()) == 0); // it is short
    s.pass(6s);
    REQUIRE(sent(s.at_carrier()) == 2);
    s.tell(last(s.at_carrier()), answer::throttled, 30s);
    s.pulse();
    REQUIRE(sent(s.at_second()) == 1);
    CHECK(last(s.at_second()).octets == last(s.at_carrier()).octets);
    s.tell_by(s.second(), last(s.at_second()), answer::accepted);
    s.settle();
    CHECK(state_of(s, "sender") == "1070");
    CHECK(state_of(s, "attempts") == "1"); // being throttled is none
}

TEST_CASE("failover: what one account could not do goes by the other one, each time") {
    sending_side s(two());
    s.second().slots(0, "not yet");
    accept_one(s);
    s.second().slots(2, "up");
    s.tell(last(s.at_carrier()), answer::deferred);
    s.pass(15s);
    REQUIRE(comes(s, s.at_second(), 1));
    CHECK(sent(s.at_carrier()) == 1);
    CHECK(last(s.at_second()).sender == "1070");
    s.tell_by(s.second(), last(s.at_second()), answer::deferred);
    s.pass(15s);
    REQUIRE(comes(s, s.at_carrier(), 2));
    CHECK(last(s.at_carrier()).sender == "1069");
    s.tell(last(s.at_carrier()), answer::accepted);
    s.settle();
    CHECK(state_of(s, "attempts") == "3");
}

TEST_CASE("failover: refused for what the account is, a text goes by another one at once") {
    for (const std::size_t parts : {1U, 2U}) {
        CAPTURE(parts);
        sending_side s(first_and_then());
        accept_one(s, parts);
        REQUIRE(s.at_carrier().seen.size() == parts);
        for (auto& one : s.at_carrier().seen)
            s.tell(one, answer::elsewhere);
        s.settle();
        REQUIRE(s.at_second().seen.size() == parts); // the whole text, by one sender
        for (auto& one : s.at_second().seen) {
            CHECK(one.sender == "1070");
            s.tell_by(s.second(), one, answer::accepted);
        }
        s.settle();
        CHECK(state_of(s, "state") == std::to_string(static_cast<int>(message_state::submitted)));
        accept_one(s); // it is passed over for a while, and then tried again
        CHECK(s.at_carrier().seen.size() == parts);
        CHECK(s.at_second().seen.size() == parts + 1);
        s.pass(61s);
        accept_one(s);
        CHECK(s.at_carrier().seen.size() == parts + 1);
    }
}

TEST_CASE("failover: who takes other texts is not passed over for one that it cannot carry") {
    sending_side s(first_and_then());
    accept_one(s);
    s.tell(last(s.at_carrier()), answer::accepted);
    accept_one(s);
    s.tell(last(s.at_carrier()), answer::elsewhere);
    s.settle();
    CHECK(s.at_second().seen.size() == 1);
    accept_one(s);
    CHECK(s.at_carrier().seen.size() == 3);
}

TEST_CASE("failover: where nobody else can, a refusal is one, and so is one of the text") {
    const struct {
        bool other_is_up;
        answer said;
    } rows[] = {{false, answer::elsewhere}, {true, answer::rejected}};
    for (const auto& row : rows) {
        CAPTURE(row.other_is_up);
        sending_side s(first_and_then());
        if (!row.other_is_up) {
            s.second().slots(0, "link lost");
            s.pass(20s);
        }
        accept_one(s);
        s.tell(last(s.at_carrier()), row.said);
        s.settle();
        CHECK(state_of(s, "state") == std::to_string(static_cast<int>(message_state::rejected)));
    }
}

TEST_CASE("failover: of a text that has begun the rest never goes by another sender") {
    sending_side s(first_and_then());
    accept_one(s, 3);
    REQUIRE(sent(s.at_carrier()) == 2);
    s.tell(s.at_carrier().seen[0], answer::accepted);
    s.tell(s.at_carrier().seen[1], answer::accepted);
    s.lane().slots(0, "link lost");
    s.pass(60s);
    CHECK(sent(s.at_second()) == 0);
}

TEST_CASE("failover: what is uncertain stays with its account") {
    sending_side s(first_and_then());
    s.accept(s.new_message(1, on_uncertain::resend, 600s));
    s.settle();
    s.tell(last(s.at_carrier()), answer::uncertain);
    s.lane().slots(0, "link lost");
    s.pass(30s);
    CHECK(sent(s.at_second()) == 0);
    s.link_up();
    s.pass(10s);
    CHECK(sent(s.at_carrier()) == 2);
}

TEST_CASE("failover: equals share by weight, and who comes back does not catch up") {
    auto with = two(1);
    with.seats = {{pool, {{account, 0, 3}, {second_account, 0, 1}}}};
    sending_side s(std::move(with));
    for (int i = 0; i < 3000; ++i)
        s.accept(s.new_message(1, on_uncertain::hold, 6000s));
    const auto serve = [&](unsigned rounds) {
        for (unsigned i = 0; i < rounds; ++i) {
            s.settle();
            for (auto* side : {&s.at_carrier(), &s.at_second()})
                for (auto& one : side->seen)
                    if (one.said == answer::none)
                        s.tell_by(side == &s.at_carrier() ? s.lane() : s.second(), one,
                                  answer::accepted);
        }
    };
    serve(800);
    const auto a = sent(s.at_carrier()), b = sent(s.at_second());
    CHECK(a > 700);
    CHECK(std::abs(a - 3 * b) <= 400); // as far as the slack of a hundred goes
    s.second().slots(0, "link lost");
    s.pass(11s);
    serve(400);
    s.second().slots(1, "up");
    serve(100);
    CHECK(sent(s.at_carrier()) >= a + 450); // the other one did not hold it up
}

TEST_CASE("failover: outside its hours an account takes nothing, and others do") {
    sending_side s(first_and_then());
    auto settings = s.lane().settings();
    const auto wall = templates::zone::utc().wall_clock(s.now);
    const auto hour = static_cast<std::int16_t>(std::stoi(wall.substr(0, 2)));
    settings.hours = day_hours{static_cast<std::int16_t>((hour + 2) % 24 * 60),
                               static_cast<std::int16_t>((hour + 3) % 24 * 60)};
    s.lane().use(std::move(settings));
    accept_one(s);
    CHECK(sent(s.at_carrier()) == 0);
    REQUIRE(sent(s.at_second()) == 1);
    s.tell_by(s.second(), last(s.at_second()), answer::accepted);
    s.pass(2h);
    accept_one(s);
    CHECK(sent(s.at_carrier()) == 1);
}

} // namespace failover_test

// What is over a budget waits, and goes on when there is room again. A part costs 0.045 CNY.
#include "delivery/rig.hpp"
#include "store/costs.hpp"

#include <doctest/doctest.h>

namespace budget_test {

using namespace posthorn;
using namespace rig;

namespace {

constexpr millionths part = 45'000;

std::shared_ptr<policy::rules> daily(std::int64_t parts) {
    auto r = std::make_shared<policy::rules>();
    r->budgets.push_back({.name = "bills",
                          .per = policy::budget_period::day,
                          .amount = parts * part,
                          .currency = "CNY",
                          .stops = {category::billing}});
    return r;
}

delivery::type_rules bills() {
    delivery::type_rules r{.uncertain_wait = 2s, .hold_for = 60s, .name = "bill"};
    r.of = category::billing;
    return r;
}

setup under(std::int64_t parts, unsigned window = 5) {
    setup s{.window = window, .rules = bills()};
    s.policy = daily(parts);
    return s;
}

void raise(sending_side& s, std::int64_t parts) {
    s.desk().use({.retry = {.first = 1s, .longest = 10s},
                  .types = {{type, bills()}},
                  .policy = daily(parts)});
    s.look_at_policy();
}

message bill(sending_side& s, duration validity = 48h, std::size_t parts = 1,
             priority p = priority::normal) {
    return s.new_message(parts, on_uncertain::hold, validity, p);
}

void accept_bills(sending_side& s, int n) {
    for (int i = 0; i < n; ++i)
        s.accept(bill(s));
    s.pulse();
}

void answer_all(sending_side& s, answer what = answer::accepted) {
    for (std::size_t i = 0; i < s.at_carrier().seen.size(); ++i)
        if (s.at_carrier().seen[i].said == answer::none)
            s.tell(s.at_carrier().seen[i], what);
    s.pulse();
}

std::size_t sent(sending_side& s) { return s.at_carrier().seen.size(); }

std::int64_t waiting(sending_side& s, const std::string& reason) {
    return live_db::number(s.db(), "SELECT count(*) FROM message WHERE state=" +
                                       std::to_string(static_cast<int>(message_state::queued)) +
                                       " AND reason LIKE '" + reason + "'");
}

std::int64_t expired(sending_side& s, const std::string& reason) {
    return live_db::number(s.db(), "SELECT count(*) FROM message WHERE state=" +
                                       std::to_string(static_cast<int>(message_state::expired)) +
                                       " AND reason LIKE '" + reason + "'");
}

std::string complaints(sending_side& s) { return live_db::joined(live_db::audit(s.db())); }

const std::string used_up = "budget bills (%CNY a day) is used up (policy.yaml): waits until "
                            "2025-10-10 00:00 UTC, or until it is raised";

} // namespace

TEST_CASE("budget: what is over it waits until the day ends, and what is urgent goes on") {
    sending_side s(under(3));
    price(s.lane());
    accept_bills(s, 3);
    answer_all(s);
    REQUIRE(sent(s) == 3);
    accept_bills(s, 2);
    CHECK(sent(s) == 3);
    CHECK(s.taken_in == 5); // in nobody's way
    CHECK(s.desk().in_hand() == 0);
    CHECK(waiting(s, used_up) == 2);
    CHECK(s.desk().seen()["put off by budget"] == 2);
    s.accept(bill(s, 48h, 1, priority::urgent));
    s.pulse();
    answer_all(s);
    CHECK(sent(s) == 4);
    const auto use = s.desk().budgets().at(0);
    CHECK(use.used == 4 * part);
    CHECK(use.until == "2025-10-10 00:00 UTC");
    s.pass(16h);
    CHECK(sent(s) == 6);
    answer_all(s);
    CHECK(s.desk().budgets().at(0).used == 2 * part);
    CHECK(complaints(s) == "");
}

TEST_CASE("budget: a burst does not go beyond it, and what is refused leaves room for others") {
    sending_side s(under(3, 50));
    price(s.lane());
    accept_bills(s, 20);
    REQUIRE(sent(s) == 3);
    CHECK(s.desk().budgets().at(0).on_its_way == 3 * part);
    CHECK(waiting(s, "budget bills%when all that is on its way is accepted: waits for that") == 17);
    answer_all(s, answer::rejected);
    s.pass(10s);
    CHECK(sent(s) == 6);
    answer_all(s);
    s.pass(10s);
    CHECK(sent(s) == 6);
    CHECK(waiting(s, used_up) == 14);
    const auto use = s.desk().budgets().at(0);
    CHECK(use.used == 3 * part);
    CHECK(use.on_its_way == 0);
    CHECK(complaints(s) == "");
}

TEST_CASE("budget: a long text that has begun goes on, whatever it costs") {
    sending_side s(under(1, 1));
    price(s.lane());
    s.accept(bill(s, 48h, 3));
    s.pulse();
    while (s.open_submission(s.at_carrier().seen.back().octets))
        answer_all(s);
    CHECK(sent(s) == 3);
    CHECK(s.desk().budgets().at(0).used == 3 * part);
    CHECK(s.desk().budgets().at(0).on_its_way == 0);
}

TEST_CASE(
    "budget: what is uncertain is not on its way any more, and is spent when it is accepted") {
    sending_side s(under(1));
    price(s.lane());
    accept_bills(s, 1);
    answer_all(s, answer::uncertain);
    CHECK(s.desk().budgets().at(0).on_its_way == 0);
    s.tell_late(s.at_carrier().seen.at(0), answer::accepted);
    s.pulse();
    CHECK(s.desk().budgets().at(0).used == part);
    CHECK(complaints(s) == "");
}

TEST_CASE("budget: raised, it lets what waits go on, and a restart forgets nothing") {
    sending_side s(under(2));
    price(s.lane());
    accept_bills(s, 2);
    answer_all(s);
    accept_bills(s, 3);
    REQUIRE(waiting(s, used_up) == 3);
    s.crash();
    price(s.lane());
    s.desk().count_spent(store::cost_reader(s.file()).of_month(s.desk().today()));
    CHECK(s.desk().budgets().at(0).used == 2 * part);
    raise(s, 4);
    CHECK(sent(s) == 4);
    answer_all(s);
    CHECK(waiting(s, used_up) == 0); // what was due soon is told to wait for what is on its way
    s.pass(10s);
    CHECK(sent(s) == 4);
    CHECK(waiting(s, used_up) == 1);
    CHECK(complaints(s) == "");
}

TEST_CASE("budget: what waits for it expires in its time") {
    sending_side s(under(1));
    price(s.lane());
    accept_bills(s, 1);
    answer_all(s);
    s.accept(bill(s, 1h));
    s.pulse();
    CHECK(waiting(s, used_up) == 1);
    s.pass(1h);
    CHECK(sent(s) == 1);
    CHECK(expired(s, "budget bills (0.045 CNY a day) is used up (policy.yaml), and its time is "
                     "over") == 1);
    CHECK(complaints(s) == "");
}

TEST_CASE("budget: what costs nothing is not counted") {
    sending_side s(under(1));
    accept_bills(s, 3);
    answer_all(s);
    CHECK(sent(s) == 3);
    CHECK(s.desk().budgets().at(0).used == 0);
}

} // namespace budget_test

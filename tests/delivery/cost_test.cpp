// What accepted parts cost is counted with their verdicts.
#include "delivery/rig.hpp"

#include "store/costs.hpp"

#include <doctest/doctest.h>

namespace cost_test {

using namespace rig;

namespace {

std::string told(sending_side& s, const std::string& by) {
    std::string out;
    store::cost_reader costs(s.file());
    for (const auto& sum : costs.of({.from = 20200101, .until = 20991231, .by = by}))
        out += sum.name + " " + std::to_string(sum.parts) + " for " + std::to_string(sum.price) +
               " " + sum.currency + "\n";
    return out;
}

} // namespace

TEST_CASE("cost: accepted parts are counted, those refused are not, and a crash forgets nothing") {
    sending_side s({.window = 5});
    price(s.lane());
    s.accept(s.new_message(2, on_uncertain::hold));
    s.accept(s.new_message(1, on_uncertain::hold, 20s, priority::urgent));
    s.accept(s.new_message(1, on_uncertain::hold));
    s.settle();
    REQUIRE(s.at_carrier().seen.size() == 4);
    for (auto& one : s.at_carrier().seen)
        s.tell(one, one.octets == "m3" ? answer::rejected : answer::accepted);
    s.settle();
    CHECK(told(s, "source") == "s2 3 for 135000 CNY\n");
    s.crash();
    CHECK(told(s, "source") == "s2 3 for 135000 CNY\n");
}

TEST_CASE("cost: where no price is known nothing is counted") {
    sending_side s({});
    price(s.lane());
    auto m = s.new_message(1, on_uncertain::hold);
    m.recipient = "4917100000000";
    s.accept(std::move(m));
    s.settle();
    s.tell(s.at_carrier().seen.at(0), answer::accepted);
    s.settle();
    CHECK(told(s, "source") == "");
}

TEST_CASE("cost: days are those of the site") {
    sending_side s({.window = 5});
    price(s.lane());
    for (const duration later : {duration(0), duration(24h)}) {
        s.pass(later);
        s.accept(s.new_message(1, on_uncertain::hold));
        s.settle();
        s.tell(s.at_carrier().seen.back(), answer::accepted);
        s.settle();
    }
    SQLite::Statement days(s.db(), "SELECT count(DISTINCT day), max(day) - min(day) FROM cost");
    REQUIRE(days.executeStep());
    CHECK(days.getColumn(0).getInt() == 2);
    CHECK(days.getColumn(1).getInt() >= 1);
}

} // namespace cost_test

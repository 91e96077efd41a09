#include "ledger/balance.hpp"

#include <doctest/doctest.h>

namespace balance_test {

using namespace posthorn;
using namespace posthorn::ledger;
using store::booked;
using store::in;

namespace {

const std::map<name_id, std::string> accounts{{7, "sim"}};

store::book_page whole() {
    return {{{0, booked::event}, 5},
            {{0, booked::parked}, 1},
            {{0, booked::for_one}, 3},
            {{0, booked::for_many}, 1},
            {{0, booked::first}, 3},
            {{0, booked::of_many}, 2},
            {{0, booked::again}, 1},
            {{0, in(message_state::delivered)}, 5},
            {{0, in(message_state::queued)}, 1},
            {{7, booked::handed}, 8},
            {{7, booked::deferred}, 1},
            {{7, booked::sent_again}, 1},
            {{7, booked::accepted}, 5},
            {{7, in(part_state::rejected)}, 1},
            {{7, in(part_state::delivered)}, 4},
            {{7, in(part_state::submitted)}, 1}};
}

} // namespace

TEST_CASE("balance: what came in is what became of it, for each account too") {
    const auto all = balances(whole(), accounts);
    REQUIRE(all.size() == 4);
    for (const auto& b : all) {
        CAPTURE(b.of);
        CHECK(b.holds());
        CHECK(b.total.n > 0);
        CHECK(!b.means.empty());
    }
    CHECK(all[2].of == "parts handed to sim");
}

TEST_CASE("balance: one that is not counted breaks the balance it belongs to, and no other") {
    const std::map<store::book_line, std::string> rows{
        {{0, booked::parked}, "events"},
        {{0, in(message_state::queued)}, "messages"},
        {{7, booked::sent_again}, "parts handed to sim"},
        {{7, in(part_state::submitted)}, "parts accepted by sim"}};
    for (const auto& [line, of] : rows) {
        auto page = whole();
        --page[line];
        for (const auto& b : balances(page, accounts)) {
            CAPTURE(b.of);
            CHECK(b.holds() == (b.of != of));
        }
    }
}

} // namespace balance_test

// Which budgets are used up by what was spent, and for whom.
#include "policy/spending.hpp"

#include "model/time_text.hpp"

#include <doctest/doctest.h>

namespace spending_test {

using namespace posthorn;
using namespace posthorn::policy;

namespace {

constexpr name_id billing = 1, crm = 2;          // sources
constexpr name_id bill = 1, advert = 2, law = 3; // types
constexpr std::int32_t today = 20261127;
constexpr millionths one = 1'000'000;

spending::directory known() {
    return {.source = [](name_id n) { return std::string(n == billing ? "billing" : "crm"); },
            .category = [](name_id n) -> std::optional<category> {
                if (n == bill)
                    return category::billing;
                if (n == advert)
                    return category::marketing;
                return n == law ? std::optional(category::statutory) : std::nullopt;
            }};
}

budget with(std::string name, millionths amount, budget_period per = budget_period::month) {
    return {.name = std::move(name),
            .per = per,
            .amount = amount,
            .currency = "CNY",
            .stops = {category::billing, category::marketing}};
}

spending with(std::vector<budget> budgets) {
    spending s(known());
    s.use(std::move(budgets));
    return s;
}

std::string stopped_by(spending& s, name_id source, name_id type, std::int32_t day = today) {
    const auto* full = s.in_the_way(source, type, day);
    return full == nullptr ? "" : full->of.name;
}

} // namespace

TEST_CASE("spending: a budget of a source, of a category and of both count what is theirs") {
    auto of_source = with("source", 10 * one), of_category = with("category", 10 * one),
         of_both = with("both", 5 * one);
    of_source.sources = of_both.sources = {"billing"};
    of_category.categories = of_both.categories = {category::marketing};
    auto s = with({of_source, of_category, of_both});
    s.spent(billing, advert, "CNY", 4 * one, today);
    s.spent(crm, advert, "CNY", 3 * one, today);
    s.spent(billing, bill, "CNY", 2 * one, today);
    s.spent(billing, bill, "EUR", 90 * one, today);
    const auto all = s.uses(today);
    CHECK(all[0].used == 6 * one);
    CHECK(all[1].used == 7 * one);
    CHECK(all[2].used == 4 * one);
    CHECK(stopped_by(s, billing, advert) == "");
    s.spent(billing, advert, "CNY", one, today);
    CHECK(stopped_by(s, billing, advert) == "both");
    CHECK(stopped_by(s, billing, bill) == "");
    CHECK(stopped_by(s, crm, advert) == "");
}

TEST_CASE("spending: what is on its way counts until it is answered") {
    auto s = with({with("all", 3 * one)});
    s.leaves(billing, bill, "CNY", 2 * one);
    CHECK(stopped_by(s, billing, bill) == "");
    s.leaves(billing, bill, "CNY", one);
    CHECK(stopped_by(s, billing, bill) == "all");
    CHECK_FALSE(s.uses(today)[0].is_used_up());
    s.leaves(billing, bill, "CNY", -one); // refused
    CHECK(stopped_by(s, billing, bill) == "");
}

TEST_CASE("spending: what is obligatory, and what nobody knows any more, is not stopped") {
    auto s = with({with("all", one)});
    s.spent(billing, law, "CNY", 2 * one, today);
    CHECK(stopped_by(s, billing, bill) == "all");
    CHECK(stopped_by(s, billing, law) == "");
    CHECK(stopped_by(s, billing, 99) == "");
    auto only_warns = with("all", one);
    only_warns.stops = {};
    s.use({only_warns});
    CHECK(stopped_by(s, billing, bill) == "");
    CHECK(s.uses(today)[0].is_used_up());
}

TEST_CASE("spending: a day and a month begin anew, and never again") {
    auto s = with({with("daily", 2 * one, budget_period::day), with("monthly", 5 * one)});
    s.spent(billing, bill, "CNY", 2 * one, 20261129);
    CHECK(stopped_by(s, billing, bill, 20261129) == "daily");
    CHECK(stopped_by(s, billing, bill, 20261130) == "");
    CHECK(stopped_by(s, billing, bill, 20261129) == ""); // the clock went back
    s.spent(billing, bill, "CNY", one, 20261129);        // booked after midnight
    s.spent(billing, bill, "CNY", 2 * one, 20261130);
    CHECK(stopped_by(s, billing, bill, 20261130) == "monthly"); // it lasts longer
    CHECK(s.uses(20261130)[0].used == 2 * one);
    CHECK(stopped_by(s, billing, bill, 20261201) == "");
    CHECK(s.uses(20261201)[1].used == 0);
}

TEST_CASE("spending: other budgets count what went before them") {
    auto s = with(std::vector<budget>{});
    CHECK_FALSE(s.is_limited());
    s.spent(billing, bill, "CNY", 2 * one, today);
    s.leaves(billing, bill, "CNY", one);
    s.use({with("new", 3 * one)});
    CHECK(stopped_by(s, billing, bill) == "new");
    s.use({with("new", 4 * one)});
    CHECK(stopped_by(s, billing, bill) == "");
}

TEST_CASE("spending: each step is told once") {
    auto s = with({with("all", 10 * one)});
    const auto told = [&] {
        std::string out;
        for (const auto& b : s.news(today))
            out += std::string(name_of(b.step())) + " at " + std::to_string(b.percent()) + " ";
        return out;
    };
    CHECK(told() == "");
    s.spent(billing, bill, "CNY", 8 * one, today);
    CHECK(told() == "nearly at 80 ");
    CHECK(told() == "");
    s.spent(billing, bill, "CNY", 4 * one, today);
    CHECK(told() == "used_up at 120 ");
    s.use({with("all", 12 * one)});
    CHECK(told() == "");
    s.use({with("all", 100 * one)});
    CHECK(told() == "fine at 12 ");
}

TEST_CASE("budget: a period ends at midnight of the site") {
    const auto zone = *templates::zone::named("Europe/Berlin");
    struct row {
        const char* now;
        const char *day, *month;
    };
    for (const row& r : std::initializer_list<row>{
             {"2026-11-27T12:00:00+01:00", "2026-11-28 00:00", "2026-12-01 00:00"},
             {"2026-12-31T23:59:59+01:00", "2027-01-01 00:00", "2027-01-01 00:00"},
             {"2026-03-31T00:00:00+02:00", "2026-04-01 00:00", "2026-04-01 00:00"},
             {"2028-02-28T23:30:00+01:00", "2028-02-29 00:00", "2028-03-01 00:00"}}) {
        CAPTURE(r.now);
        const auto now = *time_from(r.now);
        const auto shown = [&](budget_period p) {
            return shown_with_zone(end_of(p, now, zone), zone);
        };
        CHECK(shown(budget_period::day) == std::string(r.day) + " Europe/Berlin");
        CHECK(shown(budget_period::month) == std::string(r.month) + " Europe/Berlin");
    }
}

} // namespace spending_test

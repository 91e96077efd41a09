// policy.yaml and its holidays: what they mean, and which mistakes are told.
#include "policy/policy_file.hpp"

#include "cli/scratch.hpp"
#include "model/time_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace policy_file_test {

using namespace posthorn;
using namespace posthorn::policy;
using namespace std::chrono_literals;

namespace {

const templates::zone utc = templates::zone::utc();

loaded_policy load(const scratch& dir, const std::string& policy, const std::string& days = "") {
    dir.write("policy.yaml", policy);
    dir.write("holidays.yaml", days);
    return load_policy(dir.path / "policy.yaml", utc);
}

std::string problems(const std::string& policy, const std::string& days = "") {
    const scratch dir;
    auto text = settings::format(load(dir, policy, days).problems);
    const auto folder = dir.path.string() + "/";
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder))
        text.erase(at, folder.size());
    return text;
}

bool quiet_at(const rules& r, category c, const char* t) {
    return r.of(c).quiet->at(*time_from(t)).quiet;
}

} // namespace

TEST_CASE("policy file: all that it may say") {
    const scratch dir;
    const auto loaded = load(dir, R"(
zone: Asia/Shanghai
holidays: holidays.yaml
categories:
  billing:
    quiet: {hours: 21:00-08:00, weekends: 22-9, holidays: all_day, messages: drop, zone: Europe/Berlin}
  marketing:
    caps: {per_day: 2, per_week: 5}
    same_text: {within: 1h}
  survey:
    caps: {per_week: 1}
)",
                             R"(
2026:
  holidays: {A: [2026-10-01..2026-10-02], B: [2026-12-24]}
  workdays: [2026-10-10]
)");
    CHECK(settings::format(loaded.problems) == "");
    REQUIRE(loaded.rules);
    CHECK(loaded.files.size() == 2);
    const auto& r = *loaded.rules;
    CHECK(r.file == "policy.yaml");
    CHECK(r.zone.name() == "Asia/Shanghai");
    const auto& billing = r.of(category::billing);
    CHECK(billing.messages == when_quiet::drop);
    CHECK(billing.quiet->zone().name() == "Europe/Berlin");
    CHECK(quiet_at(r, category::billing, "2026-11-26T21:00:00+01:00"));
    CHECK(!quiet_at(r, category::billing, "2026-11-28T21:00:00+01:00")); // a Saturday
    CHECK(quiet_at(r, category::billing, "2026-12-24T12:00:00+01:00"));
    CHECK(quiet_at(r, category::billing, "2026-10-10T21:30:00+02:00")); // worked
    CHECK(!billing.counts());
    const auto& marketing = r.of(category::marketing);
    CHECK(!marketing.quiet);
    CHECK(marketing.per_day == 2);
    CHECK(marketing.per_week == 5);
    CHECK(marketing.alike_within == 1h);
    CHECK(r.of(category::survey).per_day == 0);
    CHECK(r.of(category::survey).counts());
    CHECK(!r.of(category::statutory).any());
}

TEST_CASE("policy file: budgets") {
    const scratch dir;
    const auto loaded = load(dir, R"(
budgets:
  - {name: offers, categories: [marketing, survey], per: month, amount: 500.5, currency: CNY}
  - name: billing
    sources: [billing, crm]
    per: day
    amount: 10
    currency: EUR
    warn_at: 50
    stops: [statutory]
  - {name: all, per: day, amount: 1, currency: CNY}
  - {name: watched, per: day, amount: 1, currency: CNY, stops: []}
)");
    CHECK(settings::format(loaded.problems) == "");
    REQUIRE(loaded.rules);
    REQUIRE(loaded.rules->budgets.size() == 4);
    const auto& offers = loaded.rules->budgets[0];
    CHECK(shown(offers) == "budget offers (500.50 CNY a month)");
    CHECK(offers.warn_at == 80);
    CHECK(offers.stops == std::vector{category::marketing, category::survey});
    const auto& billing = loaded.rules->budgets[1];
    CHECK(billing.sources == std::vector<std::string>{"billing", "crm"});
    CHECK(billing.warn_at == 50);
    CHECK(billing.stops == std::vector{category::statutory});
    const auto& all = loaded.rules->budgets[2];
    CHECK(all.stops.size() == category_names.size() - 1); // what is obligatory goes on
    CHECK(std::ranges::count(all.stops, category::statutory) == 0);
    CHECK(loaded.rules->budgets[3].stops.empty());
}

TEST_CASE("policy file: without one there is no policy, and an empty one says nothing") {
    const scratch dir;
    const auto none = load_policy(dir.path / "policy.yaml", utc);
    CHECK(!none.rules);
    CHECK(none.problems.empty());
    CHECK(problems("categories: {}\n") == "");
    const auto loaded = load(dir, "categories: {}\n");
    CHECK(loaded.rules->zone.name() == "UTC");
    CHECK(loaded.files.size() == 1);
}

TEST_CASE("policy file: each mistake is told with its place, and what was meant") {
    const struct {
        const char* written;
        const char* told;
    } rows[] = {
        {"categories:\n  biling: {}\n",
         "policy.yaml:2:11: categories.biling: is no category (did you mean 'billing'?)\n"},
        {"categories: {billing: {quite: {hours: 21-8}}}\n",
         "policy.yaml:1:24: categories.billing: unknown key 'quite' (did you mean 'quiet'?)\n"},
        {"categories: {billing: {quiet: {hours: 8-8}}}\n",
         "policy.yaml:1:39: categories.billing.quiet.hours: '8-8' are no hours like 21:00-08:00\n"},
        {"categories: {billing: {quiet: {hours: 0-24}}}\n",
         "policy.yaml:1:39: categories.billing.quiet.hours: the whole day is quiet: nothing of it "
         "would ever leave\n"},
        {"categories: {billing: {quiet: {weekends: none}}}\n",
         "policy.yaml:1:31: categories.billing.quiet: missing key 'hours'\n"},
        {"categories: {billing: {quiet: {hours: 21-8, weekends: al_day}}}\n",
         "policy.yaml:1:55: categories.billing.quiet.weekends: must be same, none, all_day or "
         "hours "
         "like 22:00-10:00, is 'al_day' (did you mean 'all_day'?)\n"},
        {"categories: {billing: {quiet: {hours: 21-8, messages: waits}}}\n",
         "policy.yaml:1:55: categories.billing.quiet.messages: must be one of wait, drop, email, "
         "is "
         "'waits' (did you mean 'wait'?)\n"},
        {"categories: {billing: {caps: {}}}\n",
         "policy.yaml:1:30: categories.billing.caps: limits nothing: give it per_day, per_week or "
         "both\n"},
        {"categories: {billing: {caps: {per_day: 0}}}\n",
         "policy.yaml:1:40: categories.billing.caps.per_day: must be 1..1000, is 0\n"},
        {"budgets: [{name: a, per: day, amount: 0.001, currency: CNY}]\n",
         "policy.yaml:1:39: budgets[0].amount: must be an amount like 500.00, from 0.01 on and "
         "below a billion\n"},
        {"budgets: [{name: a, per: week, amount: 1, currency: CNY}]\n",
         "policy.yaml:1:26: budgets[0].per: must be one of day, month, is 'week'\n"},
        {"budgets: [{name: a, per: day, amount: 1, currency: CNY, categories: [staff], stops: "
         "[survey]}]\n",
         "policy.yaml:1:85: budgets[0].stops: survey does not count in this budget: name it in "
         "`categories`, too\n"},
        {"zone: Asia/Shanghia\n",
         "policy.yaml:1:7: zone: no time zone is named 'Asia/Shanghia' (did you mean "
         "'Asia/Shanghai'?)\n"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.written);
        CHECK(problems(row.written) == row.told);
    }
}

TEST_CASE("policy file: mistakes in the file of holidays are told too") {
    const struct {
        const char* written;
        const char* told;
    } rows[] = {
        {"2026: {holidays: {A: [2026-02-30]}}\n",
         "holidays.yaml:1:22: 2026.holidays.A: '2026-02-30' is no date like 2026-10-01, and no "
         "range like 2026-10-01..2026-10-07\n"},
        {"2026: {holidays: {A: [2026-02-03..2026-02-01]}}\n",
         "holidays.yaml:1:22: 2026.holidays.A: '2026-02-03..2026-02-01' is no date like "
         "2026-10-01, "
         "and no range like 2026-10-01..2026-10-07\n"},
        {"2026: {workdays: [2027-01-02]}\n",
         "holidays.yaml:1:18: 2026.workdays: 2027-01-02 is not in 2026\n"},
        {"2026: {holidays: {A: [2026-02-03]}, workdays: [2026-02-03]}\n",
         "holidays.yaml:1:47: 2026.workdays: 2026-02-03 is named twice\n"},
        {"2026: {holiday: {A: [2026-02-03]}}\n",
         "holidays.yaml:1:8: 2026: unknown key 'holiday' (did you mean 'holidays'?)\n"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.written);
        CHECK(problems("holidays: holidays.yaml\n", row.written) == row.told);
    }
    CHECK(problems("holidays: holiday.yaml\n").find("holiday.yaml: cannot be read") !=
          std::string::npos);
}

TEST_CASE("policy file: the shipped one keeps offers from the night") {
    const auto loaded = load_policy(PROJECT_DIR "/config/policy.yaml", utc);
    CHECK(settings::format(loaded.problems) == "");
    REQUIRE(loaded.rules);
    const auto& r = *loaded.rules;
    for (const auto c : {category::marketing, category::survey}) {
        CHECK(quiet_at(r, c, "2026-11-26T22:00:00+08:00"));
        CHECK(!quiet_at(r, c, "2026-11-26T12:00:00+08:00"));
        CHECK(r.of(c).messages == when_quiet::wait);
    }
    for (const auto c :
         {category::statutory, category::service, category::billing, category::staff})
        CHECK(!r.of(c).any());
    CHECK(r.of(category::marketing).per_day == 2);
}

} // namespace policy_file_test

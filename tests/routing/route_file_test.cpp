// routes.yaml, its table of numbers, and what an account's file says about routing.
#include "routing/route_file.hpp"

#include "cli/scratch.hpp"

#include <doctest/doctest.h>

namespace route_file_test {

using namespace posthorn;
using namespace posthorn::routing;
using namespace std::chrono_literals;

namespace {

const std::vector<std::string> accounts{"mobile-a", "telecom-b"};

loaded_routes load(const scratch& dir, const std::string& routes, const std::string& numbers = "") {
    dir.write("routes.yaml", routes);
    dir.write("numbers.csv", numbers);
    return load_routes(dir.path / "routes.yaml", accounts);
}

std::string without_folder(std::string text, const scratch& dir) {
    const auto folder = dir.path.string() + "/";
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder))
        text.erase(at, folder.size());
    return text;
}

std::string problems(const std::string& routes, const std::string& numbers = "") {
    const scratch dir;
    return without_folder(settings::format(load(dir, routes, numbers).problems), dir);
}

std::string account_problems(const std::string& text, account* out = nullptr) {
    const scratch dir;
    dir.write("a.yaml", "adapter: x\n" + text);
    auto loaded = settings::load_accounts(dir.path, {});
    auto& a = loaded.accounts.at(0);
    const auto read = read_account(a);
    if (out)
        *out = read;
    return without_folder(settings::format(a.finish()), dir);
}

} // namespace

TEST_CASE("route file: all that it may say") {
    const scratch dir;
    const auto loaded = load(dir, R"(
failover_after: 30s
numbers: numbers.csv
routes:
  - categories: [marketing, survey]
    prefixes: [86138, "+852"]
    carriers: [mobile]
    accounts: [telecom-b, mobile-a]
    receipts: required
    sticky: yes
  - order: price
)",
                             "# ours\n1380013,mobile\n+8613900139000, telecom ,ported\n\n");
    CHECK(settings::format(loaded.problems) == "");
    CHECK(loaded.files.size() == 2);
    const auto& r = *loaded.read;
    CHECK(r.failover_after == 30s);
    REQUIRE(r.routes.size() == 2);
    CHECK(r.routes[0].categories == std::vector{category::marketing, category::survey});
    CHECK(r.routes[0].prefixes == std::vector<std::string>{"86138", "852"});
    CHECK(r.routes[0].carriers == std::vector<std::string>{"mobile"});
    CHECK(r.routes[0].order == order::as_listed);
    CHECK(r.routes[0].receipts);
    CHECK(r.routes[0].sticky);
    CHECK(r.routes[1].order == order::price);
    CHECK(r.carriers == std::vector<std::string>{"mobile", "telecom"});
    CHECK(*r.numbers.of("8613900139000") == 1);
}

TEST_CASE("route file: without it every account carries everything") {
    const auto loaded = load_routes("/nowhere/routes.yaml", accounts);
    CHECK(loaded.problems.empty());
    CHECK(loaded.files.empty());
    CHECK(loaded.read->routes.empty());
}

TEST_CASE("route file: mistakes are told with their place") {
    struct row {
        const char* routes;
        const char* told;
    };
    for (const row& r : {
             row{"routes:\n  - accounts: [mobile-b]\n",
                 "routes.yaml:2:15: routes[0].accounts: no account is called 'mobile-b' (did you "
                 "mean 'mobile-a'?)\n"},
             row{"routes:\n  - order: as_listed\n",
                 "routes.yaml:2:12: routes[0].order: as_listed needs a list: say which `accounts`, "
                 "the first choice first\n"},
             row{"routes:\n  - prefixes: [138x]\n", "routes.yaml:2:15: routes[0].prefixes: '138x' "
                                                    "is no beginning of a number with its "
                                                    "country: write 86138 or +86138\n"},
             row{"routes:\n  - carriers: [mobil]\nnumbers: numbers.csv\n",
                 "routes.yaml:2:15: routes[0].carriers: the table of numbers (`numbers`) has no "
                 "carrier 'mobil' (did you mean 'mobile'?)\n"},
         }) {
        CAPTURE(r.routes);
        CHECK(problems(r.routes, "1,mobile\n") == r.told);
    }
    CHECK(problems("numbers: numbers.csv\n", "1380013\nabc,mobile\n138,mobile\n") ==
          "numbers.csv:1: has no carrier: it must be like 1380013,mobile\n"
          "numbers.csv:2: begins with no number: it must be like 1380013,mobile\n");
    CHECK(problems("numbers: missing.csv\n") ==
          "missing.csv: cannot be read (see `numbers` in routes.yaml)\n");
}

TEST_CASE("route file: what an account's file says") {
    account a;
    CHECK(account_problems(R"(
carries:
  categories: [statutory, service]
  prefixes: [86]
  not_prefixes: [86170]
  carriers: [mobile]
  longest: 3
  hours: 08:00-21:00
prices: {currency: CNY, "86": 0.045, "+86138": "0.03", other: 0.5}
weight: 70
)",
                           &a) == "");
    CHECK(a.name == "a");
    CHECK(a.carries == capability{.categories = {category::statutory, category::service},
                                  .prefixes = {"86"},
                                  .not_prefixes = {"86170"},
                                  .carriers = {"mobile"},
                                  .longest = 3,
                                  .hours = day_hours{480, 1260}});
    CHECK(a.prices == price_list{"CNY", {{"86", 45'000}, {"86138", 30'000}, {"", 500'000}}});
    CHECK(a.weight == 70);
    CHECK(account_problems("carries: {hours: never}\n") ==
          "a.yaml:2:18: carries.hours: 'never' are no hours like 08:00-21:00\n");
    CHECK(account_problems("prices: {currency: CNY, abc: 1}\n") ==
          "a.yaml:2:30: prices.abc: is no beginning of a number with its country, like \"86138\", "
          "and not `other`\n");
    CHECK(account_problems("prices: {currency: CNY, other: cheap}\n") ==
          "a.yaml:2:32: prices.other: must be a price of a part like 0.045, with at most six "
          "decimals\n");
}

} // namespace route_file_test

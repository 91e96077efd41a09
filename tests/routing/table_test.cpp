// Which pool a message waits in, and who may carry that, in which order.
#include "routing/table.hpp"

#include <doctest/doctest.h>

namespace table_test {

using namespace posthorn;
using namespace posthorn::routing;

namespace {

account named(const std::string& name, capability carries = {}, unsigned weight = 0) {
    return {.name = name, .carries = std::move(carries), .weight = weight};
}

account priced(const std::string& name, std::vector<std::pair<std::string, millionths>> parts) {
    return {.name = name, .prices = {.currency = "CNY", .parts = std::move(parts)}};
}

table made(std::vector<account> accounts, std::vector<route> routes = {}) {
    auto r = std::make_shared<rules>();
    r->routes = std::move(routes);
    return {std::move(accounts), std::move(r)};
}

// "a b | c": tiers of names.
std::string order_in(const table& t, std::size_t pool, const qualities& known = {}) {
    std::string out;
    unsigned tier = 0;
    for (const auto& c : t.candidates(pool, known)) {
        out += out.empty() ? "" : c.tier == tier ? " " : " | ";
        out += t.accounts()[c.account].name;
        tier = c.tier;
    }
    return out;
}

std::string order_for(const table& t, const facts& f, const qualities& known = {}) {
    return order_in(t, t.pool_of(f), known);
}

const std::string& pool_for(const table& t, const facts& f) { return t.pools()[t.pool_of(f)]; }

constexpr facts bill{.of = category::billing, .recipient = "8613800138000"};

} // namespace

TEST_CASE("routing: without capabilities and routes there is one pool, and every account has it") {
    const auto t = made({named("a"), named("b")});
    CHECK(t.pools() == std::vector<std::string>{"sms"});
    CHECK(order_for(t, bill) == "a b");
    CHECK(t.plain());
    CHECK_FALSE(made({named("a", {}, 5), named("b")}).plain());
    CHECK_FALSE(made({named("a"), named("b")}, {{.accounts = {"a"}}}).plain());
    CHECK_FALSE(made({named("a", {.prefixes = {"86"}})}).plain());
}

TEST_CASE(
    "routing: a text that needs digits after its sender goes by who can add them, else by others") {
    auto b = named("b"), d = named("d");
    b.extended = d.extended = true;
    const auto t = made({named("a"), b, named("c"), d});
    CHECK(t.pools() == std::vector<std::string>{"sms", "sms extended"});
    CHECK(order_for(t, bill) == "a b c d");
    auto reply = bill;
    reply.extended = true;
    CHECK(order_for(t, reply) == "b d | a c");
    const auto listed =
        made({named("a"), b}, {{.accounts = {"a", "b"}, .order = order::as_listed}});
    CHECK(order_for(listed, bill) == "a | b");
    CHECK(order_for(listed, reply) == "b | a");
    CHECK(made({b, d}).plain()); // all can: it makes no difference
    CHECK(order_for(made({named("a"), named("c")}), reply) == "a c");
}

TEST_CASE("routing: a pool is named by those facts that somebody asks for") {
    const auto t = made({named("a", {.categories = {category::marketing}}),
                         named("b", {.prefixes = {"86138", "852"}, .longest = 3})});
    CHECK(pool_for(t, bill) == "sms billing 86138 to-3-parts");
    CHECK(pool_for(t, {.of = category::marketing, .recipient = "8613900000000", .parts = 4}) ==
          "sms marketing elsewhere longer");
    CHECK(t.pools().size() == 6 * 3 * 2);
}

TEST_CASE("routing: accounts carry what their contract says") {
    struct row {
        capability carries;
        facts f;
        bool may;
    };
    const row rows[] = {
        {{.categories = {category::billing}}, bill, true},
        {{.categories = {category::marketing}}, bill, false},
        {{.prefixes = {"86138"}}, bill, true},
        {{.prefixes = {"86139"}}, bill, false},
        {{.prefixes = {"86"}, .not_prefixes = {"86138"}}, bill, false},
        {{.prefixes = {"86"}, .not_prefixes = {"86139"}}, bill, true},
        {{.longest = 1}, {.recipient = "86138", .parts = 1}, true},
        {{.longest = 1}, {.recipient = "86138", .parts = 2}, false},
        {{.prefixes = {"86138"}}, {.recipient = ""}, false},
    };
    for (const auto& row : rows) {
        CAPTURE(&row - rows);
        const auto t = made({named("a", row.carries), named("others", {.prefixes = {"861"}})});
        CHECK((order_for(t, row.f).find("a") != std::string::npos) == row.may);
    }
}

TEST_CASE(
    "routing: who asks for a longer prefix does not take numbers from who asks for a shorter") {
    const auto t = made({named("country", {.prefixes = {"86"}}),
                         named("mobile", {.prefixes = {"86138", "861380"}})});
    CHECK(order_for(t, {.recipient = "8613801"}) == "country mobile");
    CHECK(order_for(t, {.recipient = "8613811"}) == "country mobile");
    CHECK(order_for(t, {.recipient = "8613911"}) == "country");
    CHECK(order_for(t, {.recipient = "49171"}) == "");
}

TEST_CASE("routing: a table of numbers says whose phone it is, the longest entry counts") {
    auto r = std::make_shared<rules>();
    r->carriers = {"mobile", "telecom", "unicom"};
    r->numbers.put("86138", 0);
    r->numbers.put("8613800138000", 1);
    r->numbers.put("86131", 2);
    const table t(
        {named("m", {.carriers = {"mobile"}}), named("t", {.carriers = {"telecom"}}), named("all")},
        r);
    CHECK(order_for(t, {.recipient = "8613800138001"}) == "m all");
    CHECK(order_for(t, bill) == "t all");
    CHECK(order_for(t, {.recipient = "8613100000000"}) == "all"); // nobody asks for that carrier
    CHECK(order_for(t, {.recipient = "49171"}) == "all");
    CHECK(t.carrier_of("8613800138000") == "telecom");
    CHECK(t.carrier_of("49171") == "");
}

TEST_CASE("routing: the first route that fits decides, and names accounts in their order") {
    const auto t =
        made({named("a"), named("b"), named("c")},
             {{.categories = {category::marketing}, .accounts = {"c"}},
              {.prefixes = {"86138"}, .accounts = {"b", "a"}, .order = order::as_listed}});
    CHECK(order_for(t, {.of = category::marketing, .recipient = "86138"}) == "c");
    CHECK(order_for(t, bill) == "b | a");
    CHECK(order_for(t, {.of = category::billing, .recipient = "49171"}) == "a b c");
}

TEST_CASE("routing: the cheapest comes first, equal prices are equals, and no price comes last") {
    const auto t =
        made({priced("dear", {{"", 60'000}, {"86138", 30'000}}), priced("cheap", {{"86", 45'000}}),
              priced("alike", {{"86", 45'000}}), named("unknown")},
             {{.order = order::price}});
    CHECK(order_for(t, {.recipient = "8613900000000"}) == "cheap alike | dear | unknown");
    CHECK(order_for(t, bill) == "dear | cheap alike | unknown");
    CHECK(order_for(t, {.recipient = "49171"}) == "dear | cheap alike unknown");
}

TEST_CASE("routing: by quality, differences that are chance make no order") {
    const auto t = made({named("a"), named("b"), named("c")}, {{.order = order::quality}});
    CHECK(order_for(t, bill, {{0, 80}, {1, 99}, {2, 97}}) == "b c | a");
    CHECK(order_for(t, bill, {{0, 80}, {1, 99}}) == "b c | a"); // c is tried
    CHECK(order_for(t, bill) == "a b c");
}

TEST_CASE("routing: a route may ask for receipts") {
    auto silent = named("silent");
    silent.receipts = false;
    const auto t =
        made({silent, named("a")}, {{.categories = {category::statutory}, .receipts = true}});
    CHECK(order_for(t, {.of = category::statutory, .recipient = "86138"}) == "a");
    CHECK(order_for(t, bill) == "silent a");
}

TEST_CASE("routing: of a sticky route each number has its account, by weight, and then another") {
    const auto t = made({named("big", {}, 3), named("small", {}, 1)}, {{.sticky = true}});
    CHECK(t.pools().size() == table::buckets);
    std::map<std::string, int> shares;
    for (std::size_t pool = 0; pool < table::buckets; ++pool)
        ++shares[order_in(t, pool)];
    CHECK(shares == std::map<std::string, int>{{"big | small", 12}, {"small | big", 4}});
    CHECK(t.pool_of(bill) == t.pool_of(bill));
    std::map<std::size_t, int> used; // neighbours do not all go the same way
    for (int n = 0; n < 1600; ++n)
        ++used[t.pool_of({.recipient = std::to_string(8613800000000 + n)})];
    CHECK(used.size() == table::buckets);
    for (const auto& [pool, n] : used)
        CHECK(n > 50);
}

TEST_CASE("routing: equal weights and no weights stick alike") {
    for (const unsigned weight : {0U, 5U}) {
        const auto t = made({named("a", {}, weight), named("b", {}, weight)}, {{.sticky = true}});
        std::map<std::string, int> shares;
        for (std::size_t pool = 0; pool < table::buckets; ++pool)
            ++shares[order_in(t, pool)];
        CHECK(shares == std::map<std::string, int>{{"a | b", 8}, {"b | a", 8}});
    }
}

TEST_CASE("routing: every account is judged, and those that do not carry it say why") {
    const auto t = made({priced("dear", {{"", 60'000}}), priced("cheap", {{"", 45'000}}),
                         named("ads", {.categories = {category::marketing, category::survey}}),
                         named("abroad", {.not_prefixes = {"86"}})},
                        {{.order = order::price}});
    const auto all = t.judged(t.pool_of(bill), bill);
    REQUIRE(all.size() == 4);
    CHECK(all[0].account == "cheap");
    CHECK(all[0].tier == 0);
    CHECK(all[0].price == 45'000);
    CHECK(all[1].account == "dear");
    CHECK(all[1].tier == 1);
    CHECK(all[2].why_not == "it carries only marketing, survey");
    CHECK(all[3].why_not == "it carries no numbers that begin with 86");
}

TEST_CASE("routing: how many pools there would be is known before") {
    std::vector<std::string> many;
    for (int n = 100; n < 999; ++n)
        many.push_back("86" + std::to_string(n));
    rules r;
    r.routes = {{.categories = {category::marketing}, .sticky = true}};
    CHECK(table::pools_needed({named("a", {.prefixes = many})}, r) == 900 * 6 * 16);
    CHECK(table::pools_needed({named("a")}, {}) == 1);
}

} // namespace table_test

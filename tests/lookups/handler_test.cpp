// A handler as a system: what plugins may do wrong, and what then becomes of the question.
#include "lookups/rig.hpp"

#include <thread>

namespace handler_test {

using namespace lookups_rig;
using posthorn::sdk::handler_answer;

namespace {

// What the next handlers do, and how many of them were made.
std::function<void(sdk::handler_question, sdk::handler_reply)> act;
std::function<void()> on_create;
int made_so_far = 0;

struct obedient final : sdk::handler {
    void ask(sdk::handler_question q, sdk::handler_reply reply) override {
        act(std::move(q), std::move(reply));
    }
};

const sdk::handler_plugin plugin{.name = "obedient",
                                 .help = "does as the test says",
                                 .create = [](const sdk::options&, const std::filesystem::path&)
                                     -> std::unique_ptr<sdk::handler> {
                                     ++made_so_far;
                                     if (on_create)
                                         on_create();
                                     return std::make_unique<obedient>();
                                 }};

const system_settings legacy{.name = "legacy",
                             .kind = system_kind::handler,
                             .where = "obedient",
                             .breaker = {.failures = 3, .pause = 10s}};

lookup_ptr question(duration timeout = 20s) {
    lookup l;
    l.name = "one";
    l.system = "legacy";
    l.kind = system_kind::handler;
    l.takes = {"account", "month"};
    l.fields = {column("balance", kind::money), column("note", kind::text, false)};
    l.fields[0].currency = "CNY";
    l.query = "BALANCE of :account";
    l.timeout = timeout;
    return std::make_shared<const lookup>(std::move(l));
}

struct bench {
    bench() {
        on_create = nullptr;
        made_so_far = 0;
        use(question());
    }
    void use(lookup_ptr l) {
        r.asks.use({legacy}, {std::move(l)}, {{"legacy", {&plugin, {}, "/"}}});
    }
    lookups::answer ask() { return r.ask("one", {{"account", "3100000001"}}); }

    rig r;
};

} // namespace

TEST_CASE("lookups: a handler gets the query as it is written, and its rows are read as declared") {
    bench b;
    sdk::handler_question heard;
    act = [&](sdk::handler_question q, const sdk::handler_reply& reply) {
        heard = std::move(q);
        reply(handler_answer::rows(R"([{"balance": 12.50, "note": null, "other": 1}])"));
    };
    const auto a = b.ask();
    REQUIRE(a.has_value());
    CHECK(json::serialize(a.value()) == R"([{"balance":"12.50"}])");
    CHECK(heard.query == "BALANCE of :account");
    REQUIRE(heard.parameters.size() == 2);
    CHECK(heard.parameters[0] ==
          std::pair(std::string("account"), std::optional(std::string("3100000001"))));
    CHECK(heard.parameters[1] == std::pair(std::string("month"), std::optional<std::string>()));
    CHECK(heard.deadline > std::chrono::steady_clock::now());
}

TEST_CASE("lookups: whatever a handler does wrong is a failure of its question, and no more") {
    struct row {
        const char* what;
        std::function<void(const sdk::handler_reply&)> act;
        failure kind;
        const char* why;
    };
    for (const auto& c :
         {row{"throws", [](auto&) { throw std::runtime_error("no line"); }, failure::down,
              "no line"},
          row{"throws a number", [](auto&) { throw 7; }, failure::down, "says nothing"},
          row{"is down", [](auto& r) { r(handler_answer::down("gone")); }, failure::down, "gone"},
          row{"refuses", [](auto& r) { r(handler_answer::refused("no")); }, failure::refused, "no"},
          row{"no JSON", [](auto& r) { r(handler_answer::rows("{")); }, failure::bad_data, "JSON"},
          row{"no list", [](auto& r) { r(handler_answer::rows("{}")); }, failure::bad_data, "list"},
          row{"no object", [](auto& r) { r(handler_answer::rows("[1]")); }, failure::bad_data,
              "no object"},
          row{"lacks", [](auto& r) { r(handler_answer::rows("[{}]")); }, failure::bad_data,
              "balance"},
          row{"wrong", [](auto& r) { r(handler_answer::rows(R"([{"balance": "much"}])")); },
              failure::bad_data, "balance"},
          row{"long", [](auto& r) { r(handler_answer::rows(std::string(2 << 20, ' '))); },
              failure::bad_data, "1 MiB"}}) {
        CAPTURE(c.what);
        act = [&](const auto&, const sdk::handler_reply& reply) { c.act(reply); };
        bench b; // its breaker has seen nothing yet
        const auto a = b.ask();
        REQUIRE(a.has_error());
        CHECK(a.error().kind == c.kind);
        CHECK(a.error().why.find(c.why) != std::string::npos);
    }
}

TEST_CASE("lookups: a handler that answers late, twice or from elsewhere harms nobody") {
    bench b;
    sdk::handler_reply late;
    act = [&](const auto&, sdk::handler_reply reply) { late = std::move(reply); };
    b.use(question(100ms));
    auto a = b.ask();
    REQUIRE(a.has_error());
    CHECK(a.error().kind == failure::timeout);
    late(handler_answer::rows("[]"));
    act = [&](const auto&, const sdk::handler_reply& reply) {
        std::jthread([&] {
            reply(handler_answer::rows("[]"));
            reply(handler_answer::down("no"));
        });
    };
    a = b.ask();
    REQUIRE(a.has_value());
    CHECK(a.value().empty());
}

TEST_CASE(
    "lookups: a handler that cannot be made is tried again, and left alone when it fails on") {
    bench b;
    act = [](const auto&, const sdk::handler_reply& reply) { reply(handler_answer::rows("[]")); };
    on_create = [] { throw std::runtime_error("no licence"); };
    auto a = b.ask();
    REQUIRE(a.has_error());
    CHECK(a.error().kind == failure::down);
    CHECK(a.error().why.find("no licence") != std::string::npos);
    on_create = nullptr;
    CHECK(b.ask().has_value());
    CHECK(b.ask().has_value());
    CHECK(made_so_far == 2);
    act = [](const auto&, const sdk::handler_reply& reply) { reply(handler_answer::down("ill")); };
    for (int i = 0; i < 3; ++i)
        CHECK(b.ask().error().kind == failure::down);
    CHECK(b.ask().error().kind == failure::breaker_open);
}

} // namespace handler_test

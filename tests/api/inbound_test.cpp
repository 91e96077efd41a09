// What people ask about texts from phones, on a store, without a socket.
#include "api/inbound_handlers.hpp"

#include "store/store_bench.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <doctest/doctest.h>

namespace inbound_test {

using namespace posthorn;
using namespace posthorn::api;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using live_db::start_of_time;

namespace {

const std::vector<country> china{{"CN", "86", "0", "1[3-9]xxxxxxxxx"}};

struct desk : live_db::bench {
    store::texts_reader texts{folder / "live.db", folder / "history"};
    surroundings around;
    asio::thread_pool pool{1};
    inbound_handlers handlers{pool, around};

    desk() {
        around.now = [] { return start_of_time; };
        around.texts = &texts;
        around.countries = [] { return china; };
        around.number = [](std::string_view written) {
            const auto number = to_e164(written, china);
            return number ? *number : std::string(written);
        };
        around.commit = [this](auto ops, auto done) {
            writer->submit(std::move(ops), [done](auto outcomes) {
                done({outcomes.begin(), outcomes.end()});
            });
        };
    }

    std::string came(std::string what, inbound_outcome became, duration later) {
        std::vector<store::op> ops;
        ops.emplace_back(store::add_inbound{.text = {.account = sim,
                                                     .sender = "13800000001",
                                                     .recipient = "10690000",
                                                     .text = std::move(what),
                                                     .at = start_of_time + later},
                                            .settled = became});
        return std::to_string(commit(std::move(ops)).front().event);
    }
    answer ask(const std::string& method, request asked) {
        for (const auto& route : handlers.table())
            if (route.method == method) {
                CHECK(route.whom == api::people);
                asked.user = "li";
                asio::io_context loop;
                auto got = asio::co_spawn(loop, route.handle(std::move(asked)), asio::use_future);
                loop.run();
                return got.get();
            }
        FAIL("there is no route for " << method);
        return {};
    }
    answer list(std::map<std::string, std::string, std::less<>> query) {
        return ask("GET", {.method = "GET", .query = std::move(query)});
    }
    answer done(const std::string& text, const std::string& body) {
        return ask("POST", {.method = "POST", .segments = {text}, .body = body});
    }
};

std::string detail(const answer& a) { return std::string(a.body.at("detail").as_string()); }

} // namespace

TEST_CASE("api: texts from phones are listed in full, a page at a time") {
    desk d;
    const auto first = d.came("YE", inbound_outcome::answered, 0s);
    const auto second = d.came("DF", inbound_outcome::failed, 1s);
    const auto page = d.list({{"number", "138 0000 0001"}, {"limit", "1"}}).body;
    REQUIRE(page.at("texts").as_array().size() == 1);
    const auto& text = page.at("texts").at(0);
    CHECK(text.at("id").as_string() == second);
    CHECK(text.at("number") == "8613800000001");
    CHECK(text.at("to") == "10690000");
    CHECK(text.at("account") == "sim");
    CHECK(text.at("outcome") == "failed");
    CHECK(text.at("text") == "DF");
    const auto next = d.list({{"after", std::string(page.at("after").as_string())}}).body;
    CHECK(next.at("texts").at(0).at("id").as_string() == first);
    CHECK_FALSE(next.as_object().contains("after"));

    CHECK(detail(d.list({{"outcome", "lost"}})).starts_with("outcome=lost is none"));
    CHECK(d.list({{"since", "yesterday"}}).status == 400);
    CHECK(d.list({{"limit", "1001"}}).status == 400);
}

TEST_CASE("api: a text that failed is done once, with who and why") {
    desk d;
    const auto failed = d.came("DF", inbound_outcome::failed, 0s);
    const auto fine = d.came("YE", inbound_outcome::answered, 1s);
    CHECK(d.done(failed, "{}").status == 400);
    CHECK(d.done("77", R"({"reason": "called"})").status == 404);
    CHECK(d.done("x", R"({"reason": "called"})").status == 404);
    CHECK(d.done(fine, R"({"reason": "called"})").status == 409);
    CHECK(d.done(failed, R"({"reason": "called"})").body.at("outcome") == "handled");
    CHECK(d.done(failed, R"({"reason": "called"})").status == 409);
    const auto deeds = d.read.operations({}, 10);
    REQUIRE(deeds.size() == 1);
    CHECK(deeds[0].done.who == "li");
    CHECK(deeds[0].done.what == "inbound done");
    CHECK(deeds[0].done.which == "text " + failed);
    CHECK(deeds[0].done.reason == "called");
    CHECK(d.list({{"outcome", "handled"}}).body.at("texts").as_array().size() == 1);
}

} // namespace inbound_test

// What people do about numbers and accounts, on a store, without a socket.
#include "api/people_handlers.hpp"

#include "people/secret.hpp"
#include "store/plain_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <algorithm>

namespace people_test {

using namespace posthorn;
using namespace posthorn::api;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using live_db::scratch_folder;
using live_db::start_of_time;

namespace {

constexpr const char* li = "8613800000001";
constexpr const char* home = "3100000001";

struct desk {
    scratch_folder folder;
    store::store writer{live_db::plain_store(folder.path())};
    store::people_reader people{folder / "live.db"};
    store::reader reader{folder / "live.db", folder / "history"};
    surroundings around;
    asio::thread_pool pool{1};
    people_handlers handlers{pool, around};
    std::size_t used = 0; // operations on people that the house was told of

    desk() {
        writer.start();
        around.now = [] { return start_of_time; };
        around.people = &people;
        around.people_settings = [] { return settings::people_settings{}; };
        around.countries = [] { return std::vector{country{"CN", "86", "0", "1[3-9]xxxxxxxxx"}}; };
        around.use_people = [this](const auto& committed) { used += committed.size(); };
        around.commit = [this](auto ops, auto done) {
            writer.submit(std::move(ops), [done](auto outcomes) {
                done({outcomes.begin(), outcomes.end()});
            });
        };
    }

    // `segment`: what stands for the braces of the pattern, if it has any.
    answer ask(const std::string& method, const std::string& pattern, const std::string& segment,
               const std::string& body = "") {
        for (const auto& route : handlers.table())
            if (route.method == method && route.pattern == pattern) {
                CHECK(route.whom == api::people);
                request asked{.method = method, .body = body, .user = "li"};
                asked.segments.push_back(segment);
                asio::io_context loop;
                auto got = asio::co_spawn(loop, route.handle(std::move(asked)), asio::use_future);
                loop.run();
                return got.get();
            }
        FAIL("there is no route " << pattern);
        return {};
    }
    answer post(const std::string& pattern, const std::string& segment, const std::string& body) {
        return ask("POST", "/v1/people/" + pattern, segment, body);
    }
    boost::json::value show(const std::string& who) {
        return ask("GET", "/v1/people/{who}", who).body;
    }
    answer load(const std::string& rows, bool continues = false) {
        return post("import", "",
                    "{\"rows\":" + rows + ",\"reason\":\"new\",\"file\":\"a.csv\",\"continues\":" +
                        (continues ? "true}" : "false}"));
    }
    std::vector<std::string> deeds() {
        std::vector<std::string> out;
        for (const auto& o : reader.operations({}, 100))
            out.push_back(o.done.what + ", " + o.done.which + ", " + o.done.reason);
        return out;
    }
};

using words = std::vector<std::string>;

std::string detail(const answer& a) { return std::string(a.body.at("detail").as_string()); }

} // namespace

TEST_CASE("api: rows of people are imported, twice changes nothing, and it is recorded once") {
    desk d;
    const std::string rows = R"([{"number":"13800000001","account":"3100000001","name":"张三"},
                                 {"number":"13900000001","role":"sales"}])";
    const auto first = d.load(rows).body;
    CHECK(first.at("added") == 2);
    CHECK(first.at("bound") == 1);
    CHECK(d.used == 3); // an account, a binding, a person
    const auto second = d.load(rows, true).body;
    CHECK(second.at("added") == 0);
    CHECK(second.at("unchanged") == 2);
    CHECK(second.at("bound") == 0);
    CHECK(second.at("bound_before") == 1);
    CHECK(d.deeds() == words{"people import, a.csv, new"});

    d.load(R"([{"number":"13800000001","account":"3100000001","hours":"9-20","zone":"Asia/Urumqi",
                "vulnerable":"yes"}])");
    const auto number = d.show("138 0000 0001").at("number");
    CHECK(number.at("hours") == "09:00-20:00");
    CHECK(number.at("zone") == "Asia/Urumqi");
    CHECK(number.at("accounts").at(0).at("vulnerable") == true);
    CHECK(number.at("number") == li);
    CHECK(number.at("accounts").at(0).at("name") == "张三");
    CHECK(number.at("changes").at(0).at("how") == "import");
    const auto account = d.show(home).at("account");
    CHECK(account.at("numbers").at(0).at("number") == li);
    CHECK(d.ask("GET", "/v1/people/{who}", "77").status == 404);
}

TEST_CASE("api: a batch with one bad row is not taken, and the row is named") {
    desk d;
    struct wrong {
        std::string rows, told;
    };
    for (const auto& w : {wrong{R"([{"account":"1"},{"number":"12"}])", "row 2: number: bad"},
                          wrong{R"([{"nmber":"12"}])", "row 1: unknown member 'nmber'"},
                          wrong{R"([{"number":12}])", "row 1: number: is not a text"},
                          wrong{"[7]", "row 1: is no JSON object"}, wrong{"[]", "'rows' is not"}}) {
        CAPTURE(w.rows);
        const auto got = d.load(w.rows);
        CHECK(got.status == 400);
        CHECK(detail(got).starts_with(w.told));
    }
    CHECK(d.deeds().empty());
    CHECK(d.ask("GET", "/v1/people/{who}", "1").status == 404);
}

TEST_CASE("api: an agent binds and unbinds, with the reason, and each change is recorded") {
    desk d;
    const std::string body = R"({"account":"3100000001","reason":"asked by phone"})";
    CHECK(d.post("{number}/bind", li, body).status == 404); // nobody knows the account
    CHECK(d.post("{number}/bind", li,
                 R"({"account":"3100000001","reason":"asked by phone","new":"yes"})")
              .body.at("changed") == true);
    CHECK(d.post("{number}/bind", li, body).body.at("changed") == false);
    CHECK(d.post("{number}/unbind", "13800000001", body).status == 200);
    CHECK(d.post("{number}/unbind", li, body).status == 409);
    CHECK(d.deeds() ==
          words{"people unbind, number **********001, account 3100000001, asked by phone",
                "people bind, number **********001, account 3100000001, asked by phone"});
    CHECK(d.show(home).at("account").at("changes").as_array().size() == 2);
    for (const auto* wrong : {"{}", R"({"account":"3100000001"})", R"({"reason":"x"})",
                              R"({"account":"户号","reason":"x"})"}) {
        CAPTURE(wrong);
        CHECK(d.post("{number}/bind", li, wrong).status == 400);
    }
    CHECK(d.post("{number}/bind", "12", body).status == 400);
}

TEST_CASE("api: a PIN is set and cleared, and never shown") {
    desk d;
    CHECK(d.post("{number}/pin", li, R"({"pin":"1234","reason":"asked"})").status == 400);
    CHECK(d.post("{number}/pin", li, R"({"pin":"4711"})").status == 400);
    CHECK(d.post("{number}/pin", li, R"({"pin":"4711","reason":"asked"})").status == 200);
    const auto shown = d.show(li);
    CHECK(shown.at("number").at("pin") == true);
    CHECK(boost::json::serialize(shown).find("scrypt") == std::string::npos);
    CHECK(people::fits("4711", d.people.person_of(li).pin));
    CHECK(d.post("{number}/pin", li, R"({"reason":"forgotten"})").status == 200);
    CHECK(d.people.person_of(li).pin.empty());
    CHECK(d.deeds() == words{"people pin clear, number **********001, forgotten",
                             "people pin set, number **********001, asked"});
}

TEST_CASE("api: a code is shown once, and binds the number that uses it") {
    desk d;
    const std::string why = R"({"reason":"letter"})";
    CHECK(d.post("{account}/code", home, why).status == 404);
    d.load(R"([{"account":"3100000001"}])");
    const auto made = d.post("{account}/code", home, why).body;
    const auto kept = d.people.code_of(home);
    REQUIRE(kept);
    CHECK(people::fits(std::string(made.at("code").as_string()), kept->hash));
    CHECK(kept->expires_at == start_of_time + 30 * 24h);
    CHECK(d.show(home).at("account").at("code") == true);
    CHECK(d.deeds().front() == "people code, account 3100000001, letter");
}

} // namespace people_test

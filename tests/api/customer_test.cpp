// What people who serve customers see and do: on a store without a socket, and who may over the
// network.
#include "api/customer_handlers.hpp"

#include "api/consent_handlers.hpp"
#include "api/network_house.hpp"
#include "store/store_bench.hpp"
#include "tokens/digest.hpp"

#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace customer_test {

using namespace network;
using live_db::bench;

namespace {

const std::vector<country> china{{"CN", "86", "0", "1[3-9]xxxxxxxxx"}};

struct counter_of_agents : bench { // where customers are served
    store::people_reader people_of{folder / "live.db"};
    store::texts_reader texts{folder / "live.db", folder / "history"};
    store::subscription_reader subscriptions{folder / "live.db"};
    store::search search{folder / "live.db", folder / "history"};
    surroundings around;
    asio::thread_pool pool{1};
    customer_handlers customers{read, pool, around};
    consent_handlers consents{read, pool, around};
    router all{both()};
    instant now = start_of_time;

    counter_of_agents() {
        around.now = [this] { return now; };
        around.people = &people_of;
        around.texts = &texts;
        around.search = &search;
        around.subscriptions = &subscriptions;
        around.countries = [] { return china; };
        around.number = [](std::string_view written) {
            const auto number = to_e164(written, china);
            return number ? *number : std::string(written);
        };
        around.set_consent = [this](store::set_consent what, auto told) {
            told(done(std::move(what)));
        };
        customers.use(all);
    }
    std::vector<route> both() {
        auto out = customers.table();
        for (auto& r : consents.table())
            out.push_back(std::move(r));
        return out;
    }
    answer ask(const std::string& method, const std::string& target, const std::string& body = "",
               bool from_elsewhere = false) {
        request asked{.method = method, .body = body, .user = "token 1 Li"};
        asked.from_elsewhere = from_elsewhere;
        asked.who.agent = true;
        asio::io_context loop;
        auto got = asio::co_spawn(loop, all.answer_to(target, std::move(asked)), asio::use_future);
        loop.run();
        return got.get();
    }
    void knows_zhang() {
        done(store::put_person{.number = "8613800000001", .name = "张<三>", .at = now});
        done(store::bind{.number = "8613800000001", .account = "3100000001", .at = now});
        done(store::add_inbound{.text = {.account = sim,
                                         .sender = "13800000001",
                                         .recipient = "10690000",
                                         .text = "<b>YE</b>",
                                         .at = now},
                                .settled = inbound_outcome::answered});
    }
    void answered(const std::string& text, instant until) {
        auto e = adding(text, billing, 1);
        e.event.type = std::string(reply_type);
        e.message.recipient = "8613800000001";
        e.message.text = text;
        e.message.priority = priority::urgent;
        e.message.expires_at = until;
        done(std::move(e));
    }
    posthorn::id sent(const std::string& text, posthorn::priority p, instant until) {
        auto e = adding(text, billing, 1);
        e.message.recipient = "8613800000001";
        e.message.text = text;
        e.message.priority = p;
        e.message.expires_at = until;
        return done(std::move(e)).message;
    }
};

bool has(const std::string& text, const std::string& what) {
    return text.find(what) != std::string::npos;
}

} // namespace

TEST_CASE("customers: a number and an account show who it is, both ways of texts, and consent") {
    counter_of_agents c;
    CHECK(c.ask("GET", "/v1/customers/13800000001").status == 404);
    c.knows_zhang();
    c.sent("your bill", priority::normal, start_of_time + std::chrono::hours(1));
    for (const std::string who : {"13800000001", "3100000001"}) {
        const auto a = c.ask("GET", "/v1/customers/" + who);
        REQUIRE(a.status == 200);
        const auto& phone = a.body.at("phones").as_array().at(0).as_object();
        CHECK(phone.at("number") == "8613800000001");
        CHECK(phone.at("out_of").as_array().empty());
        REQUIRE(phone.at("texts").as_array().size() == 2);
        const auto all = boost::json::serialize(phone.at("texts"));
        CHECK(has(all, R"("text":"your bill")"));
        CHECK(has(all, R"("way":"in")"));
    }
    CHECK(c.ask("GET", "/v1/customers/3100000001").body.at("account").at("account") ==
          "3100000001");
    CHECK(c.ask("GET", "/v1/customers/13800000001").body.at("number").at("name") == "张<三>");
}

TEST_CASE("customers: an urgent text, which may hold a code, is shown once it is of no use") {
    counter_of_agents c;
    c.knows_zhang();
    c.sent("code 123456", priority::urgent, start_of_time + std::chrono::minutes(5));
    const auto shown = [&] {
        return boost::json::serialize(c.ask("GET", "/v1/customers/13800000001").body);
    };
    CHECK(!has(shown(), "123456"));
    CHECK(has(c.ask("GET", "/customers?who=13800000001").text, "not shown: it may hold a code"));
    c.now += std::chrono::minutes(5);
    CHECK(has(shown(), "code 123456"));
}

TEST_CASE("customers: what was answered is shown at once, but a code in it") {
    counter_of_agents c;
    c.knows_zhang();
    c.answered("your code is 123456", start_of_time + std::chrono::minutes(5));
    c.answered("balance of 3100000001: 26.50", start_of_time + std::chrono::minutes(5));
    const auto shown =
        boost::json::serialize(c.ask("GET", "/v1/customers/13800000001").body.at("phones"));
    CHECK(!has(shown, "123456"));
    CHECK(has(shown, "balance of 3100000001: 26.50"));
}

TEST_CASE("customers: a number that nobody knows may be opted out too") {
    counter_of_agents c;
    const auto page = c.ask("GET", "/customers?who=13800000009").text;
    CHECK(has(page, "Nothing is known of it."));
    CHECK(has(page, "name=\"act\" value=\"out\""));
    CHECK(!has(c.ask("GET", "/customers?who=nobody").text, "name=\"act\""));
}

TEST_CASE("customers: what a phone wrote is text in the page, whatever it holds") {
    counter_of_agents c;
    c.knows_zhang();
    const auto page = c.ask("GET", "/customers?who=13800000001");
    CHECK(page.text_type == "text/html; charset=utf-8");
    CHECK(has(page.text, "&lt;b&gt;YE&lt;/b&gt;"));
    CHECK(has(page.text, "张&lt;三&gt;"));
    CHECK(!has(page.text, "<b>YE"));
    CHECK(has(c.ask("GET", "/customers?who=%22%3E%3Cscript%3E").text,
              "value=\"&quot;&gt;&lt;script&gt;\""));
}

TEST_CASE("customers: a form opts out and in again, and the ledger has the agent's name") {
    counter_of_agents c;
    c.knows_zhang();
    const std::string form =
        "who=13800000001&number=8613800000001&category=billing&reason=asked+so";
    const auto out = c.ask("POST", "/customers", "act=out&" + form);
    CHECK(out.status == 303);
    CHECK(out.headers.at(0).second == "/customers?who=13800000001&said=Done.");
    const auto entries = c.read.consents("8613800000001", 10);
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].said.who == "token 1 Li");
    CHECK(entries[0].said.reason == "asked so");
    CHECK(has(c.ask("GET", "/customers?who=13800000001").text, "Opted out of billing"));
    const auto again = c.ask("POST", "/customers", "act=out&" + form);
    CHECK(has(again.headers.at(0).second, "said=Not%20done%3A"));
    CHECK(c.ask("POST", "/customers", "act=in&" + form).status == 303);
    CHECK(c.ask("POST", "/customers", "act=other&" + form).status == 400);
    CHECK(c.ask("POST", "/customers", "act=%zz").status == 400);
    CHECK(c.ask("POST", "/customers", "act=out&" + form, true).status == 403);
}

TEST_CASE("customers: what surely failed may be sent again, and nothing that may have arrived") {
    counter_of_agents c;
    c.knows_zhang();
    const auto failed = c.sent("first", priority::normal, start_of_time + std::chrono::hours(1));
    c.tell(failed, part_event::accept);
    const auto offered = [&] {
        return has(c.ask("GET", "/customers?who=13800000001").text, "Send again");
    };
    CHECK(!offered());
    c.tell(failed, part_event::fail);
    CHECK(offered());
}

TEST_CASE("customers: over the network they are for agents, and browsers ask for the token") {
    house h;
    client c(h.port);
    CHECK(c.ask("GET /v1/customers/1 HTTP/1.1").status == 401);
    CHECK(c.ask("GET /v1/customers/1 HTTP/1.1" + h.billing).status == 403);
    CHECK(c.ask("GET /v1/customers/1 HTTP/1.1" + h.watcher).status == 403);
    const auto refused = c.ask("GET /customers HTTP/1.1");
    CHECK(refused.status == 401);
    CHECK(refused.header("WWW-Authenticate") == "Basic realm=\"Posthorn\", charset=\"UTF-8\"");

    const auto agent = h.agent("Li Wei");
    const auto page =
        c.ask("GET /customers HTTP/1.1\r\nAuthorization: Basic " + tokens::base64("li:" + agent));
    CHECK(page.status == 200);
    CHECK(has(page.header("Content-Security-Policy"), "default-src 'none'"));
    CHECK(c.ask("GET /customers HTTP/1.1\r\nAuthorization: Bearer " + agent).status == 200);
    CHECK(
        c.ask("GET /customers HTTP/1.1\r\nAuthorization: Basic " + tokens::base64("li:x")).status ==
        401);
    CHECK(c.ask("GET /customers HTTP/1.1\r\nAuthorization: Basic %%%").status == 401);

    const auto post = [&](const std::string& path, const std::string& header,
                          const std::string& body) {
        client fresh(h.port); // one whose body is refused unread is closed
        return fresh
            .ask("POST " + path + " HTTP/1.1\r\nAuthorization: Bearer " + agent + header, body)
            .status;
    };
    CHECK(post("/v1/events", "", "{}") == 403);
    CHECK(post("/v1/pause", "", "{}") == 404);
    CHECK(post("/customers", "\r\nSec-Fetch-Site: cross-site", "act=out") == 403);
    CHECK(post("/customers", "\r\nOrigin: http://evil.example", "act=out") == 403);
    CHECK(post("/v1/consent/13800000001", "\r\nSec-Fetch-Site: cross-site", "{}") == 403);
    CHECK(post("/v1/resend", "\r\nOrigin: http://evil.example", "{}") == 403);
    CHECK(post("/v1/resend", "", "{}") == 400);
    CHECK(post("/customers", "\r\nOrigin: http://x", "act=nothing") == 400);
}

} // namespace customer_test

// The account: over a network, with a carrier that misbehaves.
#include "plugins/http_rig.hpp"

namespace adapter_test {

using namespace posthorn;
using namespace posthorn::tests;
using kind = sdk::verdict::kind;

namespace {

std::string accepted(std::size_t n) {
    return http_server::with(200, R"({"code":0,"id":"m-)" + std::to_string(n) + "\"}");
}

// As config/accounts.d/http.yaml.sample.
struct rig : http_rig {
    explicit rig(http_server::handler answer) : http_rig(std::move(answer)) {
        set("url", server.url() + "/send");
        set("json", R"({"to":"{{recipient}}","text":"{{text}}"})");
        set("success_at", "/code");
        set("success_is", "0");
        set("id_at", "/id");
        set("code_at", "/code");
        set_entries("codes", {{"17", "throttle"}, {"18", "config"}});
        set("callback_secret", "s3cret");
        set("receipt_id_at", "/id");
        set("receipt_state_at", "/state");
        set_entries("states", {{"DELIVRD", "delivered"}});
        set("connections", 2);
    }
};

} // namespace

TEST_CASE("http: a text goes whole and in UTF-8, and its receipt by its id") {
    rig r([](auto&, auto n) { return accepted(n); });
    r.run();
    CHECK(r.host.open_slots == 2);
    const auto v = r.verdict_of(r.unit(1, std::string(200, 'a') + "\x1b\x65\x01"));
    CHECK(v.what == kind::accepted);
    CHECK(v.ref == "m-0");
    CHECK(r.server.bodies()[0] ==
          R"({"to":"8613800138000","text":")" + std::string(200, 'a') + "€£\"}");
    auto u = r.unit(2, ucs2(u"你好😀"));
    u.coding = sdk::coding::ucs2;
    const auto text = ucs2(u"你好😀");
    u.octets = text;
    r.verdict_of(u);
    CHECK(r.server.bodies()[1].find("你好😀") != std::string::npos);

    const auto said = r.call({"POST", "/s3cret", "", {}, R"({"id":"m-0","state":"DELIVRD"})"});
    CHECK(said.status == 200);
    REQUIRE(r.host.receipts.size() == 1);
    CHECK(r.host.receipts[0].state == sdk::receipt_state::delivered);
    CHECK_FALSE(r.call({"POST", "/guess", "", {}, "{}"}).known);
    CHECK(r.host.receipts.size() == 1);
}

TEST_CASE("http: connections are kept") {
    rig r([](auto&, auto n) { return accepted(n); });
    r.set("connections", 1);
    r.run();
    for (std::uint64_t i = 1; i <= 3; ++i)
        CHECK(r.verdict_of(r.unit(i, "x")).what == kind::accepted);
    CHECK(r.server.connections() == 2); // one was to see whether it can be reached
}

TEST_CASE("http: no answer after the request has left is uncertain, and it is not sent twice") {
    rig r([](auto&, auto n) { return n == 1 ? std::string() : accepted(n); });
    r.set("connections", 1);
    r.run();
    CHECK(r.verdict_of(r.unit(1, "x")).what == kind::accepted);
    // over the kept connection, which ends now: curl alone would say it again over a new one
    CHECK(r.verdict_of(r.unit(2, "x")).what == kind::uncertain);
    CHECK(r.server.heads().size() == 2);
    CHECK(r.verdict_of(r.unit(3, "x")).what == kind::accepted);
}

TEST_CASE("http: an answer that does not come in time, or is cut short, is uncertain") {
    rig r([](auto&, auto n) {
        return n == 0 ? http_server::silent
                      : "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"code\":0";
    });
    r.set("timeout", 300'000);
    r.run();
    for (std::uint64_t i = 1; i <= 2; ++i)
        CHECK(r.verdict_of(r.unit(i, "x")).what == kind::uncertain);
    CHECK(r.host.open_slots > 0);
}

TEST_CASE("http: what surely did not leave costs the text nothing, and the account waits") {
    rig r([](auto&, auto n) { return accepted(n); });
    r.set("url", "http://127.0.0.1:1/send");
    r.adapter.emplace(r.host, r.options);
    r.host.until([&] { return r.host.logged("cannot be used"); });
    CHECK(r.host.open_slots == 0);
    const auto v = r.verdict_of(r.unit(1, "x"));
    CHECK(v.what == kind::deferred);
    CHECK_FALSE(v.counts);
    CHECK(r.host.why.find("connect") != std::string::npos);
}

TEST_CASE("http: too fast is said with how long to wait") {
    rig r([](auto&, auto n) {
        return n == 0 ? "HTTP/1.1 429 x\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n"
                      : http_server::with(200, R"({"code":17})");
    });
    r.run();
    auto v = r.verdict_of(r.unit(1, "x"));
    CHECK(v.throttled);
    CHECK_FALSE(v.counts);
    CHECK(v.after == std::chrono::seconds(3));
    v = r.verdict_of(r.unit(2, "x"));
    CHECK(v.throttled);
    CHECK(v.after == std::chrono::seconds(1));
    CHECK(r.host.open_slots == 2);
}

TEST_CASE("http: an account that is refused closes, tries with one, and opens when it is let in") {
    rig r([](auto&, auto n) {
        return n == 0 ? http_server::with(200, R"({"code":18})") : accepted(n);
    });
    r.run();
    const auto v = r.verdict_of(r.unit(1, "x"));
    CHECK(v.what == kind::deferred);
    CHECK_FALSE(v.counts);
    CHECK(v.code == "18");
    r.host.until([&] { return r.host.open_slots == 1; });
    CHECK(r.verdict_of(r.unit(2, "x")).what == kind::accepted);
    CHECK(r.host.open_slots == 2);
}

TEST_CASE("http: a code may mean that another account shall try, or nobody ever again") {
    rig r([](auto&, std::size_t n) {
        return http_server::with(200, n == 0 ? R"({"code":19})" : R"({"code":20})");
    });
    r.set_entries("codes", {{"19", "elsewhere"}, {"20", "opted_out"}});
    r.run();
    const auto first = r.verdict_of(r.unit(1, "hello"));
    CHECK(first.what == kind::rejected);
    CHECK(first.elsewhere);
    CHECK_FALSE(first.opted_out);
    const auto second = r.verdict_of(r.unit(2, "hello"));
    CHECK(second.what == kind::rejected);
    CHECK(second.opted_out);
    CHECK_FALSE(second.elsewhere);
    CHECK(second.code == "20");
    CHECK(r.host.open_slots == 2); // the account is as it was
}

TEST_CASE("http: what cannot go is refused without a request") {
    rig r([](auto&, auto n) { return accepted(n); });
    r.set("longest", 160);
    r.run();
    auto part = r.unit(1, std::string_view("\x05\x00\x03\x01\x02\x01 a", 8));
    part.udh = true;
    const std::string_view letter("<p>");
    auto mail = r.unit(2, letter);
    mail.coding = sdk::coding::email;
    const std::string long_one(161, 'a');
    for (const auto& u : {part, mail, r.unit(3, long_one)}) {
        const auto v = r.verdict_of(u);
        CHECK(v.what == kind::rejected);
        CHECK(v.elsewhere); // another account may take it
    }
    CHECK(r.server.heads().empty());
}

TEST_CASE("http: a mistake in the description is shown where the account is, and nothing is sent") {
    rig r([](auto&, auto n) { return accepted(n); });
    r.set("json", "{{recipent}}");
    r.adapter.emplace(r.host, r.options);
    r.host.until([&] { return !r.host.logs.empty(); });
    CHECK(r.host.open_slots == 0);
    CHECK(r.host.why.starts_with("json: nothing is called {{recipent}}"));
}

TEST_CASE("http: a carrier that reports nothing is asked until it knows") {
    rig r([](const std::string& head, auto n) {
        if (head.starts_with("POST"))
            return accepted(n);
        CHECK(head.starts_with("GET /status?id=m-0 "));
        return http_server::with(200, n < 2 ? R"({"st":"WAIT"})" : R"({"st":"DELIVRD"})");
    });
    r.set("status_url", r.server.url() + "/status?id={{ref}}");
    r.set("status_state_at", "/st");
    r.set("status_every", 1000);
    r.set("status_give_up", 60'000'000);
    r.run();
    r.verdict_of(r.unit(1, "x"));
    r.host.until([&] { return !r.host.receipts.empty(); });
    CHECK(r.host.receipts[0].ref == "m-0");
    CHECK(r.host.receipts[0].state == sdk::receipt_state::delivered);
    CHECK(r.server.heads().size() == 3);
    std::optional<sdk::inquiry> told;
    (*r.adapter)->query({"m-0", "8613800138000", ""}, [&](auto i) { told = i; });
    r.host.until([&] { return told.has_value(); });
    CHECK(told->what == sdk::inquiry::kind::known);
}

TEST_CASE("http: a trial connects and asks nothing; no secret is logged") {
    rig r([](auto&, auto n) { return accepted(n); });
    r.set("secret", "hush");
    r.set("auth", "bearer");
    r.run();
    std::optional<sdk::finding> found;
    (*r.adapter)->probe([&](auto f) { found = f; });
    r.host.until([&] { return found.has_value(); });
    CHECK(found->answered);
    CHECK(r.server.heads().empty());
    r.verdict_of(r.unit(1, "x"));
    CHECK(r.server.heads()[0].find("Authorization: Bearer hush\r\n") != std::string::npos);
    CHECK_FALSE(r.host.logged("hush"));
    CHECK_FALSE(r.host.logged("s3cret"));
}

TEST_CASE("http: a carrier that takes one at a time gets one at a time, whatever is handed over") {
    rig r([](auto&, auto n) { return accepted(n); });
    r.set("connections", 1);
    r.run();
    std::vector<sdk::unit> units;
    for (std::uint64_t i = 1; i <= 5; ++i)
        units.push_back(r.unit(i, "x"));
    (*r.adapter)->submit(units);
    r.host.until([&] { return r.host.given.size() == 5; });
    for (const auto& [handle, v] : r.host.given)
        CHECK(v.what == kind::accepted);
    CHECK(r.server.connections() == 2);
}

TEST_CASE("http: what waits for a connection is given back when the account is refused") {
    rig r([](auto&, auto) { return http_server::with(200, R"({"code":18})"); });
    r.set("connections", 1);
    r.run();
    const std::array units{r.unit(1, "x"), r.unit(2, "y")};
    (*r.adapter)->submit(units);
    r.host.until([&] { return r.host.given.size() == 2; });
    CHECK(r.host.given[2].what == kind::deferred);
    CHECK_FALSE(r.host.given[2].counts);
    CHECK(r.server.bodies().size() == 1);
}

TEST_CASE("http: no two requests have the same nonce, whatever the host's chance says") {
    rig r([](auto&, auto n) { return accepted(n); });
    r.set_entries("headers", {{"X-Nonce", "{{nonce}}"}});
    r.run();
    r.verdict_of(r.unit(1, "x"));
    r.verdict_of(r.unit(2, "x"));
    const auto nonce_in = [&](std::size_t i) {
        const auto head = r.server.heads()[i];
        return head.substr(head.find("X-Nonce: ") + 9, 32);
    };
    CHECK(nonce_in(0).find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(nonce_in(0) != nonce_in(1)); // fake_host::random() always says the same
}

TEST_CASE("http: every text in hand gets its verdict when the account stops") {
    rig r([](auto&, auto) { return http_server::silent; });
    r.set("timeout", 500'000);
    r.run();
    const std::array units{r.unit(1, "x"), r.unit(2, "y")};
    (*r.adapter)->submit(units);
    (*r.adapter)->stop();
    r.host.until([&] { return r.adapter->ended; });
    for (std::uint64_t i = 1; i <= 2; ++i)
        CHECK(r.host.given.at(i).what == kind::uncertain);
    CHECK(r.host.open_slots == 0);
}

} // namespace adapter_test

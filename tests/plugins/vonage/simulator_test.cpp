// The simulated Vonage as a client meets it: who may ask, what it answers for each part, how it calls.
#include "plugins/http_client.hpp"
#include "plugins/http_rig.hpp"

#include "sdk/http/escape.hpp"
#include "vonage/simulator/provider.hpp"
#include "vonage/simulator/words.hpp"

#include <doctest/doctest.h>

#include <ctime>
#include <string>
#include <string_view>

namespace simulator_test {

namespace sdk = posthorn::sdk;
namespace simulator = posthorn::vonage::simulator;
using vonage = posthorn::simulated::carrier<simulator::server, simulator::options>;

namespace {

class client : public posthorn::simulated::http_client {
public:
    using http_client::http_client;

    auto send_form(std::string_view form) { return post_form("/sms/json", "", form); }
    auto submit(const std::string& to, const std::string& text, const std::string& call_to = "") {
        return send_form(sdk::form_of({{"api_key", "abcd1234"},
                                       {"api_secret", "simulator"},
                                       {"from", "Acme"},
                                       {"to", to},
                                       {"text", text},
                                       {"type", "unicode"},
                                       {"client-ref", "77"},
                                       {"callback", call_to}}));
    }
};

std::string taken(auto&, auto) { return http_server::with(200, ""); }

} // namespace

TEST_CASE("vonage simulator: signatures by every method, as published") {
    int seen = 0;
    for (const auto& v : posthorn::tests::vectors_of("http_signing.json")) {
        if (posthorn::tests::text_in(v, "scheme") != "vonage-sig")
            continue;
        ++seen;
        auto fields = posthorn::tests::fields_in(v, "params");
        fields.emplace_back("sig", "which is not signed");
        CHECK(simulator::sign(fields, posthorn::tests::text_in(v, "algorithm"),
                              posthorn::tests::text_in(v, "secret")) ==
              posthorn::tests::text_in(v, "signature"));
    }
    CHECK(seen == 5);
}

TEST_CASE("vonage simulator: a text is cut as a network would") {
    const auto times = [](int n, const char* text) {
        std::string all;
        for (int i = 0; i < n; ++i)
            all += text;
        return all;
    };
    const struct {
        std::string words;
        bool unicode;
        std::size_t parts;
    } rows[] = {{"", false, 1},
                {times(160, "x"), false, 1},
                {times(161, "x"), false, 2},
                {times(306, "x"), false, 2},
                {times(307, "x"), false, 3},
                {times(80, "€"), false, 1},
                {times(81, "["), false, 2},
                {times(70, "长"), true, 1},
                {times(71, "长"), true, 2},
                {times(134, "长"), true, 2},
                {times(135, "长"), true, 3},
                {times(35, "😀"), true, 1},
                {times(67, "😀"), true, 3}}; // 33 to a part: none is cut in two
    for (const auto& row : rows) {
        CAPTURE(row.words);
        CHECK(simulator::cut(row.words, row.unicode).size() == row.parts);
    }
    const auto parts = simulator::cut(times(71, "x") + times(90, "y"), false);
    CHECK(parts[0] == std::string("\x05\0\x03\0\x02\x01", 6) + times(71, "x") + times(82, "y"));
    CHECK(parts[1] == std::string("\x05\0\x03\0\x02\x02", 6) + times(8, "y"));
}

TEST_CASE("vonage simulator: each part of a text is answered, and has its receipt") {
    http_server listener([](auto& head, auto n) { return taken(head, n); });
    simulator::options o;
    o.suffixes = {"0001=expired"};
    vonage carrier(o);
    client us(carrier.port());
    std::string text;
    for (int i = 0; i < 71; ++i)
        text += "长";
    const auto said = us.submit("8613800000001", text, listener.url() + "/x");
    CHECK(said.status() == "200");
    CHECK(said.at("/message-count") == "2");
    CHECK(said.at("/messages/0/status") == "0");
    CHECK(said.at("/messages/0/client-ref") == "77");
    CHECK(said.at("/messages/1/message-id") != said.at("/messages/0/message-id"));
    REQUIRE(carrier.comes_to("receipts_answered", 2));
    std::string ids;
    for (const auto& body : listener.bodies()) {
        const auto form = sdk::read_form(body);
        REQUIRE(form);
        ids += sdk::field_of(*form, "messageId");
        CHECK(sdk::field_of(*form, "status") == "expired");
        CHECK(sdk::field_of(*form, "err-code") == "2");
        CHECK(sdk::field_of(*form, "msisdn") == "8613800000001");
        CHECK(sdk::field_of(*form, "client-ref") == "77");
        CHECK(sdk::field_of(*form, "sig").empty());
    }
    CHECK(ids.find(said.at("/messages/0/message-id")) != std::string::npos);
    CHECK(ids.find(said.at("/messages/1/message-id")) != std::string::npos);
    carrier.command("fault throttle:every 2");
    const auto half = us.submit("8613800000002", text);
    CHECK(half.at("/messages/0/status") == "0");
    CHECK(half.at("/messages/1/status") == "1"); // later parts can fail alone
}

TEST_CASE("vonage simulator: who shows a wrong secret or signature is refused") {
    simulator::options o;
    o.signature_secret = "hush";
    vonage carrier(o);
    client us(carrier.port());
    const auto signed_at = [](std::int64_t when, const std::string& secret) {
        sdk::form_fields form{{"api_key", "abcd1234"},
                              {"from", "a"},
                              {"to", "447700900000"},
                              {"text", "x=1&2"},
                              {"timestamp", std::to_string(when)}};
        form.emplace_back("sig", simulator::sign(form, "sha256", secret));
        return sdk::form_of(form);
    };
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    const std::string text = "&from=a&to=447700900000&text=x";
    const struct {
        std::string form, status;
    } rows[] = {{"api_key=abcd1234&api_secret=simulator" + text, "0"},
                {"api_key=abcd1234&api_secret=wrong" + text, "4"},
                {"api_key=k&api_secret=simulator" + text, "4"},
                {"api_secret=simulator" + text, "2"},
                {"api_key=abcd1234" + text, "2"},
                {signed_at(now, "hush"), "0"},
                {signed_at(now, "hush") + "&client-ref=1", "14"},
                {signed_at(now, "wrong"), "14"},
                {signed_at(now - 400, "hush"), "14"},
                {signed_at(now + 400, "hush"), "14"},
                {signed_at(now, "hush") + "&api_secret=simulator", "32"}};
    for (const auto& row : rows) {
        CAPTURE(row.form);
        CHECK(us.send_form(row.form).at("/messages/0/status") == row.status);
    }
    vonage unsigned_only;
    CHECK(client(unsigned_only.port()).send_form(signed_at(now, "")).at("/messages/0/status") ==
          "14");
}

TEST_CASE("vonage simulator: what is no text is refused by the status of its mistake") {
    simulator::options o;
    o.refusals = {"0009=7"};
    vonage carrier(o);
    client us(carrier.port());
    const struct {
        std::string form, status;
    } rows[] = {
        {"from=a&to=447700900000", "2"},
        {"from=a&text=x", "2"},
        {"to=447700900000&text=x", "2"},
        {"from=a&to=%2B447700900000&text=x", "3"},
        {"from=a&to=447700900000&text=x&type=voice", "3"},
        {"from=a&to=447700900000&text=x&ttl=19999", "3"},
        {"from=a&to=447700900000&text=x&ttl=604800000", "0"},
        {"from=abcdefghijkl&to=447700900000&text=x", "15"},
        {"from=123456789012345&to=447700900000&text=x", "0"},
        {"from=a&to=447700900000&text=x&callback=sms", "23"},
        {"from=a&to=447700900000&text=" + std::string(3201, 'x'), "12"},
        {"from=a&to=447700000009&text=x", "7"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.form);
        const auto said = us.send_form("api_key=abcd1234&api_secret=simulator&" + row.form);
        CHECK(said.status() == "200");
        CHECK(said.at("/messages/0/status") == row.status);
    }
    CHECK(us.get("/sms/xml", "").status() == "404");
    carrier.command("fault refuse-window:once");
    CHECK(us.submit("447700900000", "x").at("/messages/0/status") == "10");
}

TEST_CASE(
    "vonage simulator: it calls by form, JSON or query, signed, until it is answered with 2xx") {
    for (const std::string by : {"post", "json", "get"}) {
        CAPTURE(by);
        http_server listener(
            [](auto&, auto n) { return http_server::with(n == 0 ? 403 : 204, ""); });
        simulator::options o;
        o.calls_by = by;
        o.signature_secret = "hush";
        o.signature_method = "md5hash";
        vonage carrier(o);
        client us(carrier.port());
        us.submit("447700900000", "x", listener.url() + "/x?y=1");
        REQUIRE(carrier.comes_to("receipts_deferred", 1));
        REQUIRE(carrier.comes_to("receipts_answered", 1));
        const auto head = listener.heads()[1];
        const auto body = listener.bodies()[1];
        CHECK(head.starts_with(by == "get" ? "GET /x?y=1&messageId=" : "POST /x?y=1 HTTP/1.1\r\n"));
        CHECK(body.substr(0, 2) == (by == "get" ? "" : by == "json" ? "{\"" : "me"));
        if (by != "post")
            continue;
        const auto form = sdk::read_form(body);
        REQUIRE(form);
        CHECK(sdk::field_of(*form, "sig") == simulator::sign(*form, "md5hash", "hush"));
    }
}

TEST_CASE("vonage simulator: a phone's text comes whole, or in parts when it is long") {
    http_server listener([](auto& head, auto n) { return taken(head, n); });
    vonage carrier;
    client us(carrier.port());
    us.submit("447700900000", "x", listener.url() + "/x");
    REQUIRE(carrier.comes_to("receipts_answered", 1));
    CHECK(carrier.command("mo 447700900000 447700900001 您好 & co") == "ok");
    REQUIRE(carrier.comes_to("mo_answered", 1));
    const auto form = sdk::read_form(listener.bodies()[1]);
    REQUIRE(form);
    CHECK(sdk::field_of(*form, "msisdn") == "447700900000");
    CHECK(sdk::field_of(*form, "to") == "447700900001");
    CHECK(sdk::field_of(*form, "text") == "您好 & co");
    CHECK(sdk::field_of(*form, "type") == "unicode");
    CHECK(sdk::field_of(*form, "keyword") == "您好");
    CHECK(sdk::field_of(*form, "concat").empty());
    std::string text = "a";
    for (int i = 0; i < 33; ++i)
        text += "😀";
    CHECK(carrier.command("mo 447700900000 447700900001 " + text + text) == "ok");
    REQUIRE(carrier.comes_to("mo_answered", 3));
    std::string joined;
    for (const std::string number : {"1", "2"})
        for (const auto& body : listener.bodies())
            if (const auto part = sdk::read_form(body);
                part && sdk::field_of(*part, "concat-part") == number) {
                joined += sdk::field_of(*part, "text");
                CHECK(sdk::field_of(*part, "concat") == "true");
                CHECK(sdk::field_of(*part, "concat-total") == "2");
            }
    CHECK(joined == text + text);
}

} // namespace simulator_test

#include "plugins/http_rig.hpp"
#include "twilio/codec/twilio.hpp"

#include "sdk/http/digest.hpp"

namespace twilio_test {

using namespace posthorn;
using namespace posthorn::tests;

namespace {

const twilio::account_data data{.url = "https://api.twilio.com",
                                .account_sid = "AC0",
                                .auth_token = "12345",
                                .sender = "+15005550006",
                                .callback_url = "https://gw.example.com/v1/carriers/twilio"};

// A call as Twilio makes and signs it.
sdk::call signed_call(const sdk::form_fields& fields, const std::string& url) {
    return {"POST",
            "",
            "",
            {{"content-type", "application/x-www-form-urlencoded"},
             {"x-twilio-signature", twilio::signature_of("12345", url, fields)}},
            sdk::form_of(fields)};
}

} // namespace

TEST_CASE("twilio: signatures as published") {
    for (const auto& v : vectors_of("http_signing.json"))
        if (text_in(v, "scheme") == "X-Twilio-Signature") {
            CAPTURE(text_in(v, "id"));
            auto fields = fields_in(v, "params");
            std::ranges::reverse(fields); // by name, however they come
            CHECK(twilio::signature_of(text_in(v, "auth_token"), text_in(v, "url"), fields) ==
                  text_in(v, "signature"));
        }
}

TEST_CASE("twilio: a body that is no form is signed by its digest in the URL") {
    const auto v = vector_named("http_signing.json", "twilio_json_body");
    auto a = data;
    a.auth_token = text_in(v, "auth_token");
    const auto url = text_in(v, "url");
    a.callback_url = url.substr(0, url.find('?'));
    sdk::call c{
        "POST",
        "",
        url.substr(url.find('?') + 1),
        {{"content-type", "application/json"}, {"x-twilio-signature", text_in(v, "signature")}},
        text_in(v, "body")};
    CHECK(twilio::read_call(a, c).answer.known);
    c.body += " ";
    CHECK_FALSE(twilio::read_call(a, c).answer.known);
}

TEST_CASE("twilio: a receipt counts only when it is signed, with or without the port") {
    const auto body = body_of("twilio_status_cb");
    const auto fields = *sdk::read_form(body);
    for (const char* url : {"https://gw.example.com/v1/carriers/twilio",
                            "https://gw.example.com:443/v1/carriers/twilio"}) {
        const auto got = twilio::read_call(data, signed_call(fields, url));
        CHECK(got.answer.known);
        REQUIRE(got.receipts.size() == 1);
        CHECK(got.receipts[0].ref == "SM01");
        CHECK(got.receipts[0].state == sdk::receipt_state::undelivered);
        CHECK(got.receipts[0].code == "undelivered 30003");
        CHECK(got.receipts[0].recipient == "8613800138000");
    }
    auto forged = signed_call(fields, data.callback_url);
    forged.body += "&x=1";
    CHECK_FALSE(twilio::read_call(data, forged).answer.known);
    forged.headers.clear();
    CHECK_FALSE(twilio::read_call(data, forged).answer.known);
    CHECK_FALSE(twilio::read_call(data, signed_call(fields, "https://else.example/")).answer.known);
}

TEST_CASE("twilio: the URL that is signed has what the console says behind the account's") {
    const sdk::form_fields fields{{"MessageSid", "SM1"}, {"MessageStatus", "sent"}};
    auto a = data;
    auto c = signed_call(fields, data.callback_url + "/texts?conn=7");
    c.path = "/texts";
    c.query = "conn=7";
    CHECK(twilio::read_call(a, c).answer.known);
    a.callback_url += "/texts?conn=7";
    CHECK(twilio::read_call(a, c).answer.known);
    a.callback_url += "#rc=5&rp=all"; // which tells Twilio alone how to call
    CHECK(twilio::read_call(a, c).answer.known);
    c.query = "conn=8";
    CHECK_FALSE(twilio::read_call(a, c).answer.known);
}

TEST_CASE("twilio: which states are final") {
    using state = sdk::receipt_state;
    for (const auto& [word, what] : std::initializer_list<std::pair<const char*, state>>{
             {"queued", state::enroute},
             {"sent", state::enroute},
             {"delivered", state::delivered},
             {"read", state::delivered},
             {"failed", state::undelivered},
             {"undelivered", state::undelivered},
             {"canceled", state::undelivered},
         }) {
        CAPTURE(word);
        const auto got = twilio::read_call(
            data, signed_call({{"MessageSid", "SM1"}, {"MessageStatus", word}}, data.callback_url));
        REQUIRE(got.receipts.size() == 1);
        CHECK(got.receipts[0].state == what);
    }
}

TEST_CASE("twilio: what waited there until it was too late has expired") {
    const auto got = twilio::read_call(
        data,
        signed_call({{"MessageSid", "SM1"}, {"MessageStatus", "failed"}, {"ErrorCode", "30036"}},
                    data.callback_url));
    REQUIRE(got.receipts.size() == 1);
    CHECK(got.receipts[0].state == sdk::receipt_state::expired);
    const auto asked = twilio::read_inquiry({200, {}, R"({"status":"failed","error_code":30036})"});
    CHECK(asked.state == sdk::receipt_state::expired);
}

TEST_CASE("twilio: a receipt says that the recipient has opted out") {
    for (const auto& [error, out] : {std::pair("21610", true), std::pair("30003", false)}) {
        CAPTURE(error);
        const auto got = twilio::read_call(data, signed_call({{"MessageSid", "SM1"},
                                                              {"MessageStatus", "failed"},
                                                              {"ErrorCode", error},
                                                              {"To", "+8613800138000"}},
                                                             data.callback_url));
        REQUIRE(got.receipts.size() == 1);
        CHECK(got.receipts[0].opted_out == out);
        CHECK(got.receipts[0].recipient == "8613800138000");
    }
}

TEST_CASE("twilio: a text from a phone") {
    const auto got = twilio::read_call(data, signed_call({{"MessageSid", "SM2"},
                                                          {"SmsStatus", "received"},
                                                          {"From", "+8613800138000"},
                                                          {"To", "+15005550006"},
                                                          {"Body", "你好 😀"}},
                                                         data.callback_url));
    REQUIRE(got.texts.size() == 1);
    CHECK(got.receipts.empty());
    CHECK(got.texts[0].sender == "+8613800138000");
    CHECK(got.texts[0].recipient == "15005550006");
    CHECK(got.texts[0].text == "你好 😀");
    CHECK(got.answer.body == "<Response/>");
}

TEST_CASE("twilio: what a response says") {
    struct row {
        unsigned status;
        std::string body;
        sdk::http_meaning what;
    };
    for (const auto& [status, body, what] : std::initializer_list<row>{
             {201, body_of("twilio_created"), sdk::http_meaning::accepted},
             {429, body_of("twilio_429"), sdk::http_meaning::throttle},
             {400, body_of("twilio_21610"), sdk::http_meaning::opted_out},
             {401, R"({"code":20003,"status":401})", sdk::http_meaning::config},
             {400, R"({"code":21606})", sdk::http_meaning::config},
             {400, R"({"code":21408})", sdk::http_meaning::elsewhere},
             {400, R"({"code":21611})", sdk::http_meaning::throttle},
             {400, R"({"code":99999})", sdk::http_meaning::permanent},
             {500, R"({"code":20500})", sdk::http_meaning::uncertain},
             {502, "<html>", sdk::http_meaning::uncertain},
             {201, "", sdk::http_meaning::uncertain},
         }) {
        CAPTURE(body);
        CHECK(twilio::read_response({status, {}, body}).what == what);
    }
    CHECK(twilio::read_response({201, {}, body_of("twilio_created")}).ref ==
          "SM0123456789abcdef0123456789abcdef");
    CHECK(twilio::plain_words("undelivered 30003") == "the phone cannot be reached");
}

TEST_CASE("twilio: over a network, from the text to its receipt") {
    http_rig r(
        [](auto&, auto) { return http_server::with(201, R"({"sid":"SM7","status":"queued"})"); });
    r.set("url", r.server.url());
    r.set("account_sid", "AC0");
    r.set("auth_token", "12345");
    r.set("sender", "+15005550006");
    r.set("callback_url", data.callback_url);
    r.run();
    auto u = r.unit(1, "Hello & co");
    u.sender = "+15005550006";
    CHECK(r.verdict_of(u).ref == "SM7");
    const auto head = r.server.heads()[0];
    CHECK(head.starts_with("POST /2010-04-01/Accounts/AC0/Messages.json "));
    CHECK(head.find("Authorization: Basic " + sdk::base64_of("AC0:12345")) != std::string::npos);
    const auto sent = *sdk::read_form(r.server.bodies()[0]);
    CHECK(sent == sdk::form_fields{{"To", "+8613800138000"},
                                   {"Body", "Hello & co"},
                                   {"From", "+15005550006"},
                                   {"ValidityPeriod", "3600"},
                                   {"StatusCallback", data.callback_url}});
    CHECK(r.call(signed_call({{"MessageSid", "SM7"}, {"MessageStatus", "delivered"}},
                             data.callback_url))
              .status == 200);
    CHECK(r.host.receipts.at(0).ref == "SM7");
    CHECK_FALSE(r.host.logged("12345"));
}

} // namespace twilio_test

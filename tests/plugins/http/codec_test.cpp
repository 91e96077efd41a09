// A described carrier: its requests, responses and calls, without a network.
#include "http/codec/carrier.hpp"
#include "sdk/http/digest.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

namespace codec_test {

using namespace posthorn;
using namespace std::chrono_literals;
using http::filling;
using http::selector;

namespace {

const sdk::moment at{sdk::instant{1795311045s}, "00ff"};

sdk::http_text text(std::string what) {
    return {.handle = 1,
            .message = 77,
            .recipient = "8613800138000",
            .sender = "1069",
            .type = "bill.issued",
            .text = std::move(what),
            .reference = 5,
            .validity = 90s};
}

http::carrier reports() {
    http::carrier c;
    c.callback_secret = "s3cret";
    c.receipt_id = selector("/id");
    c.receipt_state = selector("/state");
    c.receipt_code = selector("/err");
    c.receipt_phone = selector("/to");
    c.states = {{"DELIVRD", sdk::receipt_state::delivered},
                {"UNDELIV", sdk::receipt_state::undelivered}};
    c.text_from = selector("/from");
    c.text_to = selector("/to");
    c.text_body = selector("/text");
    c.callback_answer = "OK";
    return c;
}

} // namespace

TEST_CASE("described: a form, in the order it is written") {
    http::carrier c;
    c.url = filling("https://x.example/send?u={{user}}");
    c.user = "a&b";
    c.secret = "p";
    c.auth = http::login::basic;
    c.country = "86";
    c.headers.emplace_back("X-Time", filling("{{timestamp}}"));
    c.form = {{"to", filling("+{{recipient}}")},
              {"msg", filling("{{ text }}")},
              {"n", filling("{{national}}/{{message}}/{{type}}")}};
    const auto r = http::request_for(c, text("a=1&b 中"), at);
    CHECK(r.method == "POST");
    CHECK(r.url == "https://x.example/send?u=a%26b");
    CHECK(r.body ==
          "to=%2B8613800138000&msg=a%3D1%26b%20%E4%B8%AD&n=13800138000%2F77%2Fbill.issued");
    CHECK(r.headers == sdk::http_headers{{"X-Time", "1795311045"},
                                         {"Authorization", "Basic YSZiOnA="},
                                         {"Content-Type", "application/x-www-form-urlencoded"}});
}

TEST_CASE("described: nothing in a text gets out of its gap") {
    http::carrier c;
    c.json = filling(R"({"to":"{{recipient}}","text":"{{text}}","ttl":{{validity_seconds}}})");
    CHECK(http::request_for(c, text("\"},{\"x\":\"\\"), at).body ==
          R"({"to":"8613800138000","text":"\"},{\"x\":\"\\","ttl":90})");
    c.json = {};
    c.xml = filling("<t>{{text}}</t>");
    CHECK(http::request_for(c, text("</t><b>&{{sender}}"), at).body ==
          "<t>&lt;/t&gt;&lt;b&gt;&amp;{{sender}}</t>");
    c.headers.emplace_back("X-User", filling("{{user}}"));
    c.user = "a\r\nX-Evil: 1";
    CHECK(http::request_for(c, text("x"), at).headers.front().second == "a  X-Evil: 1");
}

TEST_CASE("described: a GET has its text in the URL, and its own Content-Type wins") {
    http::carrier c;
    c.method = "GET";
    c.url = filling("http://x/?t={{text}}&n={{nonce}}");
    CHECK(http::request_for(c, text("中 &"), at).url == "http://x/?t=%E4%B8%AD%20%26&n=00ff");
    c.method = "PUT";
    c.text = filling("{{text}}");
    c.headers.emplace_back("content-type", filling("text/csv"));
    const auto r = http::request_for(c, text("1,2"), at);
    CHECK(r.headers == sdk::http_headers{{"content-type", "text/csv"}});
    CHECK(r.body == "1,2");
}

TEST_CASE("described: what a response says") {
    http::carrier c;
    c.success_at = selector("/code");
    c.success_is = "0";
    c.id_at = selector("/data/id");
    c.code_at = selector("/code");
    c.codes = {{"17", sdk::http_meaning::throttle},
               {"18", sdk::http_meaning::config},
               {"19", sdk::http_meaning::transient}};
    struct row {
        unsigned status;
        std::string body;
        sdk::http_meaning what;
        std::string ref, code;
    };
    for (const auto& [status, body, what, ref, code] : std::initializer_list<row>{
             {200, R"({"code":0,"data":{"id":42}})", sdk::http_meaning::accepted, "42", ""},
             {200, R"({"code":"0","data":{"id":"a-1"}})", sdk::http_meaning::accepted, "a-1", ""},
             {200, R"({"code":0})", sdk::http_meaning::uncertain, "", "accepted without an id"},
             {200, R"({"code":17})", sdk::http_meaning::throttle, "", "17"},
             {400, R"({"code":18})", sdk::http_meaning::config, "", "18"},
             {200, R"({"code":"19"})", sdk::http_meaning::transient, "", "19"},
             {200, R"({"code":99})", sdk::http_meaning::permanent, "", "99"},
             {400, R"({"code":99})", sdk::http_meaning::permanent, "", "99"},
             {500, "oops", sdk::http_meaning::uncertain, "", "HTTP 500"},
             {429, "", sdk::http_meaning::throttle, "", "HTTP 429"},
             {200, "", sdk::http_meaning::uncertain, "", "an answer that says nothing known"},
             {200, "<html>", sdk::http_meaning::uncertain, "", "an answer that says nothing known"},
         }) {
        CAPTURE(status);
        CAPTURE(body);
        const auto said = http::read_response(c, {status, {}, body});
        CHECK(said.what == what);
        CHECK(said.ref == ref);
        CHECK(said.code == code);
    }
}

TEST_CASE("described: a text with an expression instead of JSON, and an id in a header") {
    http::carrier c;
    c.success_at = selector("regex:^(OK)");
    c.id_at = selector("regex:ID=([0-9]+)");
    CHECK(http::read_response(c, {200, {}, "OK ID=77 x"}).ref == "77");
    CHECK(http::read_response(c, {200, {}, "ERR"}).what == sdk::http_meaning::uncertain);
    c.code_at = selector("regex:ERR ([0-9]+)");
    CHECK(http::read_response(c, {200, {}, "ERR 12"}).what == sdk::http_meaning::permanent);
    c.success_at = {};
    c.success_status = {{202, 202}};
    c.id_at = selector("header:X-Id");
    CHECK(http::read_response(c, {202, {{"x-id", "h"}}, ""}).ref == "h");
    CHECK(http::read_response(c, {200, {{"x-id", "h"}}, ""}).what != sdk::http_meaning::accepted);
}

TEST_CASE("described: receipts come one by one or in a list, texts among them") {
    auto c = reports();
    auto got = http::read_call(
        c, {"POST", "/s3cret", "", {}, R"({"id":"1","state":"DELIVRD","to":"+8613800138000"})"});
    REQUIRE(got.receipts.size() == 1);
    CHECK(got.receipts[0].ref == "1");
    CHECK(got.receipts[0].state == sdk::receipt_state::delivered);
    CHECK(got.receipts[0].recipient == "8613800138000");
    CHECK(got.answer.body == "OK");
    c.list_at = "/results";
    got = http::read_call(c, {"POST",
                              "/s3cret",
                              "",
                              {},
                              R"({"results":[{"id":1,"state":"UNDELIV","err":"005"},
        {"from":"+8613800138000","to":"1069","text":"TD"},{"id":2,"state":"?"},{},7]})"});
    REQUIRE(got.receipts.size() == 2);
    CHECK(got.receipts[0].code == "UNDELIV 005");
    CHECK(got.receipts[1].state == sdk::receipt_state::enroute);
    REQUIRE(got.texts.size() == 1);
    CHECK(got.texts[0].sender == "+8613800138000");
    CHECK(got.texts[0].text == "TD");
}

TEST_CASE("described: a receipt as a form, in the body or the query") {
    auto c = reports();
    c.receipt_id = selector("field:MessageSid");
    c.receipt_state = selector("field:Status");
    for (const auto& [query, body] : {std::pair("", "MessageSid=a%201&Status=DELIVRD"),
                                      std::pair("MessageSid=a+1&Status=DELIVRD", "")}) {
        const auto got = http::read_call(c, {"GET", "/s3cret", query, {}, body});
        REQUIRE(got.receipts.size() == 1);
        CHECK(got.receipts[0].ref == "a 1");
    }
}

TEST_CASE("described: who is not the carrier is not heard") {
    auto c = reports();
    const std::string body = R"({"id":"1","state":"DELIVRD"})";
    const auto known = [&](const sdk::call& what) { return http::read_call(c, what).answer.known; };
    for (const char* path : {"", "/", "/s3cre", "/s3cret2"})
        CHECK_FALSE(known({"POST", path, "", {}, body}));
    c.how = http::proof::header;
    c.callback_header = "X-Key";
    CHECK(known({"POST", "", "", {{"x-key", "s3cret"}}, body}));
    CHECK_FALSE(known({"POST", "/s3cret", "", {}, body}));
    c.how = http::proof::hmac;
    c.callback_hmac = "sha256_hex";
    const auto sum = sdk::hex_of(sdk::hmac_of(sdk::digest::sha256, "s3cret", body));
    CHECK(known({"POST", "", "", {{"x-key", sum}}, body}));
    CHECK(known({"POST", "", "", {{"x-key", "sha256=" + sum}}, body}));
    CHECK_FALSE(known({"POST", "", "", {{"x-key", sum}}, body + " "}));
    CHECK_FALSE(known({"POST", "", "", {}, body}));
    c.callback_secret.clear();
    c.how = http::proof::path;
    CHECK_FALSE(known({"POST", "/", "", {}, body}));
}

TEST_CASE("described: what does not go together is told with its option") {
    struct row {
        void (*spoil)(http::carrier&);
        std::string told;
    };
    for (const auto& [spoil, told] : std::initializer_list<row>{
             {[](auto& c) { c.json = filling("{{txet}}"); }, "json: nothing is called {{txet}}"},
             {[](auto& c) { c.url = filling("http://x/{{a"); }, "url: a {{ has no }}"},
             {[](auto& c) { c.status_url = filling("{{text}}"); }, "status_url: nothing is called"},
             {[](auto& c) { c.json = c.xml = filling("x"); }, "a request has one body"},
             {[](auto& c) { c.id_at = selector("id"); }, "id_at: must begin with"},
             {[](auto& c) { c.code_at = selector("regex:("); }, "code_at: is no POSIX"},
             {[](auto& c) {
                  c.callback_secret = "x";
                  c.how = http::proof::hmac;
              },
              "callback_header: say"},
         }) {
        http::carrier c;
        CHECK(http::mistake_in(c).empty());
        spoil(c);
        CHECK(http::mistake_in(c).starts_with(told));
    }
}

} // namespace codec_test

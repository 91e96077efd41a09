#include "aliyun/codec/aliyun.hpp"
#include "plugins/http_rig.hpp"

#include "sdk/http/json_text.hpp"

namespace aliyun_test {

using namespace posthorn;
using namespace posthorn::tests;
using kind = sdk::verdict::kind;

namespace {

const std::vector<std::pair<std::string, std::string>> approved{
    {"SMS_1", "您${month}月电费为${amount}元。"}, {"SMS_2", "停电通知。"}};

aliyun::account_data data() {
    return {.url = "https://dysmsapi.aliyuncs.com/",
            .key_id = "testid",
            .key_secret = "testsecret",
            .sign_name = "明湖供电",
            .callback_secret = "path",
            .templates = sdk::approved_templates(approved, "明湖供电")};
}

std::vector<sdk::http_text> texts(std::size_t n) {
    std::vector<sdk::http_text> out;
    for (std::size_t i = 0; i < n; ++i)
        out.push_back({.message = 70 + i,
                       .recipient = "861380013800" + std::to_string(i),
                       .text = "【明湖供电】您" + std::to_string(i + 1) + "月电费为8元。"});
    return out;
}

const std::u16string wide = u"【明湖供电】您1月电费为8元。";

struct rig : http_rig {
    explicit rig(http_server::handler answer) : http_rig(std::move(answer)) {
        set("url", server.url() + "/");
        set("access_key_id", "testid");
        set("access_key_secret", "hush");
        set("sign_name", "明湖供电");
        set_entries("templates", approved);
        set("callback_secret", "path");
        run();
    }
    sdk::unit bill(std::uint64_t handle, std::string_view recipient) const {
        auto u = unit(handle, bill_octets, recipient);
        u.coding = sdk::coding::ucs2;
        return u;
    }
    const std::string bill_octets = ucs2(wide);
};

} // namespace

TEST_CASE("aliyun: signatures as published") {
    int seen = 0;
    for (const auto& v : vectors_of("http_signing.json")) {
        if (text_in(v, "scheme") != "ACS3-HMAC-SHA256")
            continue;
        CAPTURE(text_in(v, "id"));
        ++seen;
        aliyun::signed_request r{.path = text_in(v, "path"),
                                 .query = fields_in(v, "query"),
                                 .headers = fields_in(v, "headers"),
                                 .body = text_in(v, "body")};
        std::ranges::sort(r.headers);
        CHECK(aliyun::canonical_of(r, text_in(v, "method")) == text_in(v, "canonical_request"));
        CHECK(aliyun::authorization_of(text_in(v, "access_key_id"), text_in(v, "access_key_secret"),
                                       r, text_in(v, "method")) == text_in(v, "authorization"));
    }
    CHECK(seen == 3);
}

TEST_CASE("aliyun: a text goes as its template and what stands in its gaps") {
    const auto one = aliyun::request_for(data(), texts(1),
                                         {sdk::instant{std::chrono::seconds(1795311045)}, "8b1f"});
    const auto sent = *sdk::read_form(one.body);
    CHECK(sdk::field_of(sent, "PhoneNumbers") == "13800138000");
    CHECK(sdk::field_of(sent, "SignName") == "明湖供电");
    CHECK(sdk::field_of(sent, "TemplateCode") == "SMS_1");
    CHECK(sdk::field_of(sent, "TemplateParam") == R"({"month":"1","amount":"8"})");
    CHECK(sdk::field_of(sent, "OutId") == "70");
    CHECK(sdk::field_of(one.headers, "x-acs-action") == "SendSms");
    CHECK(sdk::field_of(one.headers, "x-acs-date") == "2026-11-22T01:30:45Z");
    CHECK(sdk::field_of(one.headers, "x-acs-signature-nonce") == "8b1f");

    const auto two = aliyun::request_for(data(), texts(2), {});
    CHECK(sdk::field_of(two.headers, "x-acs-action") == "SendBatchSms");
    const auto many = *sdk::read_form(two.body);
    CHECK(sdk::field_of(many, "PhoneNumberJson") == R"(["13800138000","13800138001"])");
    CHECK(sdk::field_of(many, "SignNameJson") == R"(["明湖供电","明湖供电"])");
    CHECK(sdk::field_of(many, "TemplateParamJson") ==
          R"([{"month":"1","amount":"8"},{"month":"2","amount":"8"}])");
}

TEST_CASE("aliyun: what a response says, of one text and of several") {
    struct row {
        unsigned status;
        std::string body;
        sdk::http_meaning one, several;
    };
    const auto code = [](const char* c) { return R"({"Code":")" + std::string(c) + "\"}"; };
    for (const auto& [status, body, one, several] : std::initializer_list<row>{
             {200, body_of("aliyun_send_ok"), sdk::http_meaning::accepted,
              sdk::http_meaning::accepted},
             {200, body_of("aliyun_limit"), sdk::http_meaning::transient, sdk::http_meaning::apart},
             {400, body_of("aliyun_throttle"), sdk::http_meaning::throttle,
              sdk::http_meaning::throttle},
             {400, code("SignatureDoesNotMatch"), sdk::http_meaning::config,
              sdk::http_meaning::config},
             {400, code("InvalidTimeStamp.Expired"), sdk::http_meaning::clock,
              sdk::http_meaning::clock},
             {400, code("SignatureNonceUsed"), sdk::http_meaning::again, sdk::http_meaning::again},
             {200, code("isv.MOBILE_NUMBER_ILLEGAL"), sdk::http_meaning::permanent,
              sdk::http_meaning::apart},
             {200, code("isv.NEW_ONE"), sdk::http_meaning::permanent, sdk::http_meaning::apart},
             {500, code("Strange"), sdk::http_meaning::uncertain, sdk::http_meaning::uncertain},
             {502, "", sdk::http_meaning::uncertain, sdk::http_meaning::uncertain},
         }) {
        CAPTURE(body);
        CHECK(aliyun::read_response(texts(1), {status, {}, body}).at(0).what == one);
        const auto all = aliyun::read_response(texts(2), {status, {}, body});
        REQUIRE(all.size() == 2);
        CHECK(all[0].what == several);
        CHECK(all[1].what == several);
    }
    CHECK(aliyun::read_response(texts(1), {200, {}, body_of("aliyun_send_ok")}).at(0).ref ==
          "900619746936498440^0/13800138000");
}

TEST_CASE("aliyun: receipts and texts come in lists to a secret path") {
    auto got = aliyun::read_call(data(), {"POST", "/path", "", {}, body_of("aliyun_report")});
    REQUIRE(got.receipts.size() == 1);
    CHECK(got.receipts[0].ref == "900619746936498440^0/13800138000");
    CHECK(got.receipts[0].state == sdk::receipt_state::delivered);
    CHECK(got.receipts[0].recipient == "8613800138000");
    CHECK(got.answer.body == "{\"code\":0,\"msg\":\"成功\"}");
    got = aliyun::read_call(data(), {"POST",
                                     "/path",
                                     "",
                                     {},
                                     R"([{"phone_number":"13800138000","biz_id":"9^0",)"
                                     R"("success":false,"err_code":"UNDELIV"},)"
                                     R"({"phone_number":"13800138001","biz_id":"9^0",)"
                                     R"("success":false,"err_code":"EXPIRED"}])"});
    REQUIRE(got.receipts.size() == 2);
    CHECK(got.receipts[0].state == sdk::receipt_state::undelivered);
    CHECK(got.receipts[1].state == sdk::receipt_state::expired);
    got = aliyun::read_call(data(), {"POST", "/path", "", {}, body_of("aliyun_up")});
    REQUIRE(got.texts.size() == 1);
    CHECK(got.texts[0].sender == "+8613800138000");
    CHECK(got.texts[0].recipient == "1069000");
    CHECK(got.texts[0].text == "TD");
    CHECK(aliyun::read_call(data(), {"POST", "/path", "", {}, "no"}).answer.status == 400);
    CHECK_FALSE(aliyun::read_call(data(), {"POST", "", "", {}, body_of("aliyun_up")}).answer.known);
}

TEST_CASE("aliyun: over a network, several texts share a request, and one alone does not") {
    rig r([](auto&, auto) { return http_server::with(200, R"({"Code":"OK","BizId":"9^0"})"); });
    const std::array units{r.bill(1, "8613800138000"), r.bill(2, "8613800138001"),
                           r.bill(3, "8613800138000")}; // the same phone once more
    (*r.adapter)->submit(units);
    r.host.until([&] { return r.host.given.size() == 3; });
    CHECK(r.server.bodies().size() == 2);
    CHECK(r.host.given[1].ref == "9^0/13800138000");
    CHECK(r.host.given[2].ref == "9^0/13800138001");
    CHECK_FALSE(r.host.logged("hush"));
}

TEST_CASE("aliyun: one bad number among several harms nobody else") {
    rig r([](auto&, std::size_t n) {
        return http_server::with(200, n <= 1 ? R"({"Code":"isv.MOBILE_NUMBER_ILLEGAL"})"
                                             : R"({"Code":"OK","BizId":"9^0"})");
    });
    const std::array units{r.bill(1, "8613800138000"), r.bill(2, "8613800138001")};
    (*r.adapter)->submit(units);
    r.host.until([&] { return r.host.given.size() == 2; });
    CHECK(r.server.bodies().size() == 3);
    const auto well = std::ranges::count_if(
        r.host.given, [](const auto& v) { return v.second.what == kind::accepted; });
    CHECK(well == 1);
}

TEST_CASE("aliyun: a text that fits no template is refused, and says which comes nearest") {
    rig r([](auto&, auto) { return http_server::with(200, "{}"); });
    const auto v = r.verdict_of(r.unit(1, "anything"));
    CHECK(v.what == kind::rejected);
    CHECK(v.elsewhere);
    CHECK(v.code == "the text fits no approved template, nor comes near one");
    CHECK(r.server.heads().empty());
}

TEST_CASE("aliyun: the carrier's clock is used where ours is wrong") {
    rig r([](auto&, std::size_t n) {
        return n == 0 ? "HTTP/1.1 400 x\r\nDate: Sun, 22 Nov 2026 01:30:45 GMT\r\nContent-Length: "
                        "35\r\n\r\n{\"Code\":\"InvalidTimeStamp.Expired\"}"
                      : http_server::with(200, R"({"Code":"OK","BizId":"9^0"})");
    });
    const auto v = r.verdict_of(r.bill(1, "8613800138000"));
    CHECK(v.what == kind::deferred);
    CHECK_FALSE(v.counts);
    CHECK(r.host.logged("clock"));
    CHECK(r.verdict_of(r.bill(2, "8613800138000")).what == kind::accepted);
    CHECK(r.server.heads()[1].find("x-acs-date: 2026-11-22T01:30:45Z") != std::string::npos);
}

} // namespace aliyun_test

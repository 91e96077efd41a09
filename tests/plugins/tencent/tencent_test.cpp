#include "plugins/http_rig.hpp"
#include "tencent/codec/tencent.hpp"

#include "sdk/http/escape.hpp"

namespace tencent_test {

using namespace posthorn;
using namespace posthorn::tests;
using kind = sdk::verdict::kind;

namespace {

const std::vector<std::pair<std::string, std::string>> approved{{"1110", "code {1}, {2} minutes"}};

tencent::account_data data() {
    return {.url = "https://sms.tencentcloudapi.com/",
            .region = "ap-guangzhou",
            .secret_id = "AKIDEXAMPLE",
            .secret_key = "SECRETEXAMPLE",
            .app_id = "1400006666",
            .sign_name = "腾讯云",
            .callback_secret = "path",
            .templates = sdk::approved_templates(approved, "腾讯云")};
}

std::vector<sdk::http_text> texts(std::size_t n) {
    std::vector<sdk::http_text> out;
    for (std::size_t i = 0; i < n; ++i)
        out.push_back({.message = 7,
                       .recipient = "861380013800" + std::to_string(i),
                       .text = "code 12345, 5 minutes"});
    return out;
}

} // namespace

TEST_CASE("tencent: signatures as published") {
    int seen = 0;
    for (const auto& v : vectors_of("http_signing.json")) {
        if (text_in(v, "scheme") != "TC3-HMAC-SHA256")
            continue;
        CAPTURE(text_in(v, "id"));
        ++seen;
        tencent::signed_request r{
            .service = text_in(v, "service"),
            .headers = fields_in(v, "signed_headers"),
            .body = text_in(v, "body"),
            .at = sdk::instant{std::chrono::seconds(v.at("timestamp").to_number<std::int64_t>())}};
        std::ranges::sort(r.headers);
        CHECK(tencent::canonical_of(r) == text_in(v, "canonical_request"));
        CHECK(tencent::authorization_of(text_in(v, "secret_id"), text_in(v, "secret_key"), r) ==
              text_in(v, "authorization"));
    }
    CHECK(seen == 3);
}

TEST_CASE("tencent: equal texts go to several phones at once") {
    const auto r = tencent::request_for(data(), texts(2),
                                        {sdk::instant{std::chrono::seconds(1795311045)}, ""});
    CHECK(r.body == R"({"PhoneNumberSet":["+8613800138000","+8613800138001"],)"
                    R"("SmsSdkAppId":"1400006666","TemplateId":"1110","SignName":"腾讯云",)"
                    R"("TemplateParamSet":["12345","5"],"SessionContext":"7"})");
    CHECK(sdk::field_of(r.headers, "X-TC-Timestamp") == "1795311045");
    CHECK(sdk::field_of(r.headers, "X-TC-Region") == "ap-guangzhou");
    CHECK(sdk::field_of(r.headers, "Authorization")
              .starts_with("TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2026-11-22/sms/tc3_request, "));
}

TEST_CASE("tencent: what a response says of each text") {
    const auto mixed = tencent::read_response(texts(2), {200, {}, body_of("tencent_send_mixed")});
    REQUIRE(mixed.size() == 2);
    CHECK(mixed[0].what == sdk::http_meaning::accepted);
    CHECK(mixed[0].ref == "5000:1045710669157053657849499619");
    CHECK(mixed[1].what == sdk::http_meaning::transient);
    CHECK(mixed[1].after == std::chrono::hours(1));

    struct row {
        std::string code;
        sdk::http_meaning one, several;
    };
    for (const auto& [code, one, several] : std::initializer_list<row>{
             {"AuthFailure.SignatureExpire", sdk::http_meaning::clock, sdk::http_meaning::clock},
             {"AuthFailure.SecretIdNotFound", sdk::http_meaning::config, sdk::http_meaning::config},
             {"RequestLimitExceeded.UinLimitExceeded", sdk::http_meaning::throttle,
              sdk::http_meaning::throttle},
             {"InternalError.Timeout", sdk::http_meaning::transient, sdk::http_meaning::apart},
             {"InvalidParameterValue.IncorrectPhoneNumber", sdk::http_meaning::permanent,
              sdk::http_meaning::apart},
             {"FailedOperation.InsufficientBalanceInSmsPackage", sdk::http_meaning::config,
              sdk::http_meaning::config},
         }) {
        CAPTURE(code);
        const sdk::http_response r{200, {}, R"({"Response":{"Error":{"Code":")" + code + "\"}}}"};
        CHECK(tencent::read_response(texts(1), r).at(0).what == one);
        CHECK(tencent::read_response(texts(2), r).at(1).what == several);
    }
    for (const char* nothing : {"", "{}", R"({"Response":{}})"})
        CHECK(tencent::read_response(texts(1), {200, {}, nothing}).at(0).what ==
              sdk::http_meaning::uncertain);
}

TEST_CASE("tencent: receipts come in a list, texts alone, to a secret path") {
    auto got = tencent::read_call(data(), {"POST", "/path", "", {}, body_of("tencent_status")});
    REQUIRE(got.receipts.size() == 1);
    CHECK(got.receipts[0].ref == "5000:1045710669157053657849499619");
    CHECK(got.receipts[0].state == sdk::receipt_state::delivered);
    CHECK(got.receipts[0].recipient == "8613800138000");
    got = tencent::read_call(data(), {"POST",
                                      "/path",
                                      "",
                                      {},
                                      R"([{"sid":"1","report_status":"FAIL","errmsg":"UNDELIV"},)"
                                      R"({"sid":"2","report_status":"FAIL","errmsg":"EXPIRED"}])"});
    REQUIRE(got.receipts.size() == 2);
    CHECK(got.receipts[0].state == sdk::receipt_state::undelivered);
    CHECK(got.receipts[1].state == sdk::receipt_state::expired);
    got = tencent::read_call(data(), {"POST", "/path", "", {}, body_of("tencent_up")});
    REQUIRE(got.texts.size() == 1);
    CHECK(got.texts[0].sender == "+8613800138000");
    CHECK(got.texts[0].text == "TD");
    CHECK_FALSE(
        tencent::read_call(data(), {"POST", "/", "", {}, body_of("tencent_up")}).answer.known);
}

TEST_CASE("tencent: over a network, what is the same shares a request, other texts do not") {
    http_rig r([](auto&, auto) { return http_server::with(200, body_of("tencent_send_mixed")); });
    r.set("url", r.server.url() + "/");
    r.set("secret_id", "AKID");
    r.set("secret_key", "hush");
    r.set("app_id", "14");
    r.set("sign_name", "腾讯云");
    r.set_entries("templates", approved);
    r.run();
    const std::array units{r.unit(1, "code 12345, 5 minutes", "8613800138000"),
                           r.unit(2, "code 12345, 5 minutes", "8613800138001"),
                           r.unit(3, "code 99999, 5 minutes", "8613800138000")};
    (*r.adapter)->submit(units);
    r.host.until([&] { return r.host.given.size() == 3; });
    CHECK(r.server.bodies().size() == 2);
    CHECK(r.host.given[1].what == kind::accepted);
    CHECK(r.host.given[2].what == kind::deferred);
    CHECK(r.host.given[3].what == kind::accepted);
    CHECK_FALSE(r.host.logged("hush"));
}

} // namespace tencent_test

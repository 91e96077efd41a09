// Aliyun as simulated: what it takes for signed, what it answers, what it pushes.
#include "aliyun/codec/aliyun.hpp"
#include "aliyun/simulator/provider.hpp"
#include "plugins/http_client.hpp"
#include "plugins/http_rig.hpp"
#include "sdk/http/digest.hpp"
#include "sdk/http/when.hpp"

namespace aliyun_simulator_test {

using namespace posthorn;
using namespace posthorn::tests;
namespace simulator = posthorn::aliyun::simulator;
using simulated::heard;
using service = simulated::carrier<simulator::server, simulator::options>;

namespace {

constexpr std::int64_t second = 1'000'000, minute = 60 * second;
constexpr std::int64_t of_vectors = 1'795'311'045 * second; // 2026-11-22T01:30:45Z

simulator::options chosen() {
    simulator::options o;
    o.key = {"id", "hush"};
    o.approved.sign_name = "明湖";
    o.approved.templates = {{"SMS_1", "您${month}月电费为${amount}元。"}, {"SMS_2", "停电通知。"}};
    return o;
}

sdk::instant now() {
    return std::chrono::time_point_cast<sdk::duration>(std::chrono::system_clock::now());
}

class client : public simulated::http_client {
public:
    using http_client::http_client;

    sdk::instant at = now();
    std::string secret = "hush", nonce; // empty: a new one each time

    heard ask_for(const std::string& action, const sdk::form_fields& form) {
        const auto body = sdk::form_of(form);
        const sdk::http_headers signs{
            {"content-type", "application/x-www-form-urlencoded"},
            {"host", "sms"},
            {"x-acs-action", action},
            {"x-acs-content-sha256", sdk::hex_sha256(body)},
            {"x-acs-date", sdk::iso_date(at) + "T" + sdk::iso_time(at) + "Z"},
            {"x-acs-signature-nonce", nonce.empty() ? std::to_string(++asked_) : nonce},
            {"x-acs-version", "2017-05-25"}};
        std::string lines;
        for (const auto& [name, value] : signs)
            if (name != "content-type")
                lines.append(name).append(": ").append(value).append("\r\n");
        lines += "Authorization: " +
                 aliyun::authorization_of("id", secret, {.headers = signs, .body = body}, "POST") +
                 "\r\n";
        return post_form("/", lines, body);
    }
    heard bill(const std::string& phones, const std::string& month = "11") {
        return ask_for("SendSms",
                       {{"PhoneNumbers", phones},
                        {"SignName", "明湖"},
                        {"TemplateCode", "SMS_1"},
                        {"TemplateParam", R"({"month":")" + month + R"(","amount":"86.50"})"},
                        {"OutId", "o-1"}});
    }

private:
    int asked_ = 0;
};

std::string octets_of(const boost::json::value& v) {
    const auto method = text_in(v, "method") + " " + text_in(v, "path");
    const auto query = sdk::form_of(fields_in(v, "query"));
    std::string octets = method + (query.empty() ? "" : "?" + query) + " HTTP/1.1\r\n";
    for (const auto& [name, value] : fields_in(v, "headers"))
        octets += name + ": " + value + "\r\n";
    return octets + "authorization: " + text_in(v, "authorization") + "\r\n\r\n" +
           text_in(v, "body");
}

} // namespace

TEST_CASE("aliyun simulator: signatures as published are right, and no others") {
    int seen = 0;
    for (const auto& v : vectors_of("http_signing.json")) {
        if (text_in(v, "scheme") != "ACS3-HMAC-SHA256")
            continue;
        ++seen;
        CAPTURE(text_in(v, "id"));
        const auto octets = octets_of(v);
        const auto asked = simulator::read_message(octets);
        REQUIRE(asked);
        const bool theirs = text_in(v, "access_key_id") == "YourAccessKeyId";
        const auto at = theirs ? 1'698'315'752 * second : of_vectors;
        const simulator::access_key key{text_in(v, "access_key_id"),
                                        text_in(v, "access_key_secret")};
        const auto problem = [&](const simulator::access_key& k, std::int64_t when) {
            return std::string(simulator::problem_with_signature(*asked, k, when));
        };
        CHECK(problem(key, at) == "");
        CHECK(problem({key.id, "other"}, at) == "SignatureDoesNotMatch");
        CHECK(problem({"other", key.secret}, at) == "InvalidAccessKeyId.NotFound");
        CHECK(problem(key, at + 16 * minute) == "InvalidTimeStamp.Expired");
        CHECK(problem(key, at - 16 * minute) == "InvalidTimeStamp.Expired");
        auto changed = *asked;
        changed.body = "PhoneNumbers=1";
        CHECK(simulator::problem_with_signature(changed, key, at) == "SignatureDoesNotMatch");
        changed = *asked;
        changed.second = "/?OutId=other";
        CHECK(simulator::problem_with_signature(changed, key, at) == "SignatureDoesNotMatch");
        changed = *asked;
        changed.headers.emplace_back("x-acs-security-token", "unsigned");
        CHECK(simulator::problem_with_signature(changed, key, at) == "IncompleteSignature");
    }
    CHECK(seen == 3);
}

TEST_CASE("aliyun simulator: who is not the client hears why") {
    service carrier(chosen());
    client us(carrier.port());
    us.secret = "other";
    auto said = us.bill("13800138000");
    CHECK(said.status() == "400");
    CHECK(said.at("/Code") == "SignatureDoesNotMatch");
    us.secret = "hush";
    us.at = now() - std::chrono::hours(1);
    said = us.bill("13800138000");
    CHECK(said.at("/Code") == "InvalidTimeStamp.Expired");
    CHECK(said.octets.find("\r\nDate: ") != std::string::npos); // by which clocks are set
    us.at = now();
    us.nonce = "twice";
    CHECK(us.bill("13800138000").at("/Code") == "OK");
    CHECK(us.bill("13800138000").at("/Code") == "SignatureNonceUsed");
    said = us.post_form("/", "Host: sms\r\n", "");
    CHECK(said.at("/Code") == "IncompleteSignature");
    CHECK(carrier.stat("submits") == 1);
    CHECK(carrier.stat("refused_binds") == 4);
}

TEST_CASE("aliyun simulator: what is no text it would send is refused with its word") {
    service carrier(chosen());
    client us(carrier.port());
    const struct {
        const char *phones, *sign_name, *code, *parameters, *said;
    } rows[] = {
        {"", "明湖", "SMS_2", "", "MissingPhoneNumbers"},
        {"13800138000", "", "SMS_2", "", "MissingSignName"},
        {"13800138000", "明湖", "", "", "MissingTemplateCode"},
        {"1380013800x", "明湖", "SMS_2", "", "isv.MOBILE_NUMBER_ILLEGAL"},
        {"13800138000,", "明湖", "SMS_2", "", "isv.MOBILE_NUMBER_ILLEGAL"},
        {"13800138000", "别人", "SMS_2", "", "isv.SMS_SIGNATURE_ILLEGAL"},
        {"13800138000", "明湖", "SMS_3", "", "isv.SMS_TEMPLATE_ILLEGAL"},
        {"13800138000", "明湖", "SMS_1", "[]", "isv.INVALID_JSON_PARAM"},
        {"13800138000", "明湖", "SMS_1", "{", "isv.INVALID_JSON_PARAM"},
        {"13800138000", "明湖", "SMS_1", R"({"month":"1"})", "isv.TEMPLATE_MISSING_PARAMETERS"},
        {"13800138000", "明湖", "SMS_1", R"({"month":"1","amount":""})",
         "isv.TEMPLATE_MISSING_PARAMETERS"},
        {"13800138000,+8613800138001", "明湖", "SMS_2", "", "OK"}};
    for (const auto& row : rows) {
        CAPTURE(row.said);
        CHECK(us.ask_for("SendSms", {{"PhoneNumbers", row.phones},
                                     {"SignName", row.sign_name},
                                     {"TemplateCode", row.code},
                                     {"TemplateParam", row.parameters}})
                  .at("/Code") == row.said);
    }
    CHECK(us.ask_for("SendMms", {}).at("/Code") == "InvalidAction.NotFound");
    CHECK(us.ask_for("SendBatchSms", {{"PhoneNumberJson", R"(["13800138000","13800138001"])"},
                                      {"SignNameJson", R"(["明湖"])"},
                                      {"TemplateCode", "SMS_2"}})
              .at("/Code") == "isv.INVALID_PARAMETERS");
    CHECK(carrier.stat("accepted") == 2);
}

TEST_CASE("aliyun simulator: a request has one id, and its receipts come in a list") {
    auto o = chosen();
    o.suffixes = {"8001=expired"};
    http_server listener([](auto&, auto n) { // the first answer has no code
        return http_server::with(200, n == 0 ? "{}" : R"({"code":0,"msg":"ok"})");
    });
    o.calls = simulator::read_callback_url(listener.url() + "/v1/carriers/a/x");
    service carrier(o);
    client us(carrier.port());
    const auto said =
        us.ask_for("SendBatchSms", {{"PhoneNumberJson", R"(["13800138000","13800138001"])"},
                                    {"SignNameJson", R"(["明湖","明湖"])"},
                                    {"TemplateCode", "SMS_1"},
                                    {"TemplateParamJson", R"([{"month":"1","amount":"8"},)"
                                                          R"({"month":"2","amount":"9"}])"}});
    CHECK(said.status() == "200");
    CHECK(said.at("/Code") == "OK");
    const auto biz_id = said.at("/BizId");
    REQUIRE(biz_id.ends_with("^0"));
    REQUIRE(carrier.comes_to("receipts_answered", 2));
    CHECK(carrier.stat("receipts_deferred") > 0);
    std::vector<std::string> told;
    for (const auto& body : listener.bodies()) {
        const auto list = sdk::read_json(body);
        REQUIRE(list);
        for (const auto& one : list->as_array()) {
            CHECK(sdk::text_at(one, "/biz_id") == biz_id);
            told.push_back(sdk::text_at(one, "/phone_number") + " " +
                           sdk::text_at(one, "/success") + " " + sdk::text_at(one, "/err_code"));
        }
    }
    CHECK(std::ranges::count(told, "13800138000 true DELIVERED") > 0);
    CHECK(std::ranges::count(told, "13800138001 false EXPIRED") > 0);
}

TEST_CASE("aliyun simulator: it is asked what became of a text on the day it was sent") {
    auto o = chosen();
    o.suffixes = {"8001=undelivered", "8002=enroute"};
    service carrier(o);
    client us(carrier.port());
    const auto biz_id = us.bill("13800138000,13800138001,13800138002").at("/BizId");
    const auto detail = [&](const char* phone, const std::string& day) {
        return us.ask_for("QuerySendDetails", {{"PhoneNumber", phone},
                                               {"BizId", biz_id},
                                               {"SendDate", day},
                                               {"PageSize", "1"},
                                               {"CurrentPage", "1"}});
    };
    auto today = sdk::iso_date(us.at + std::chrono::hours(8));
    std::erase(today, '-');
    const std::string one = "/SmsSendDetailDTOs/SmsSendDetailDTO/0";
    CHECK(detail("13800138000", today).at(one + "/SendStatus") == "3");
    CHECK(detail("13800138001", today).at(one + "/SendStatus") == "2");
    CHECK(detail("13800138001", today).at(one + "/ErrCode") == "UNDELIV");
    CHECK(detail("13800138000", "20200101").at("/TotalCount") == "0");
    CHECK(detail("13800138009", today).at("/TotalCount") == "0");
}

TEST_CASE("aliyun simulator: each fault has its word, for all of a request") {
    const struct {
        const char *fault, *status, *code;
    } rows[] = {{"throttle", "400", "Throttling.User"},
                {"refuse-window", "503", "ServiceUnavailable"},
                {"unknown-tlv", "200", "OK"},
                {"reset-before-response", "", ""}};
    for (const auto& row : rows) {
        CAPTURE(row.fault);
        service carrier(chosen());
        client us(carrier.port());
        REQUIRE(carrier.command("fault " + std::string(row.fault) + ":once") == "ok");
        const auto said = us.bill("13800138000,13800138001");
        CHECK(said.status() == row.status);
        CHECK(said.at("/Code") == row.code);
        CHECK(carrier.stat("submits") == 2);
    }
    auto o = chosen();
    o.refusals = {"8001=isv.BUSINESS_LIMIT_CONTROL"};
    service carrier(o);
    client us(carrier.port());
    const auto said = us.bill("13800138000,13800138001");
    CHECK(said.status() == "200");
    CHECK(said.at("/Code") == "isv.BUSINESS_LIMIT_CONTROL");
    CHECK(carrier.stat("accepted") == 0);
    CHECK(us.bill("13800138000").at("/Code") == "OK");
}

TEST_CASE("aliyun simulator: a phone's text is pushed in a list") {
    http_server listener([](auto&, auto) { return http_server::with(200, R"({"code":0})"); });
    auto o = chosen();
    o.calls = simulator::read_callback_url(listener.url() + "/x");
    service carrier(o);
    REQUIRE(carrier.comes_to("links", 4));
    CHECK(carrier.command("mo 8613800138000 10690001 退订 \"a\"") == "ok");
    REQUIRE(carrier.comes_to("mo_answered", 1));
    const auto body = sdk::read_json(listener.bodies().at(0));
    REQUIRE(body);
    CHECK(sdk::text_at(*body, "/0/phone_number") == "13800138000");
    CHECK(sdk::text_at(*body, "/0/content") == "退订 \"a\"");
    CHECK(sdk::text_at(*body, "/0/dest_code") == "10690001");
}

} // namespace aliyun_simulator_test

// Tencent as simulated: what it takes for signed, what it answers, what it pushes.
#include "plugins/http_client.hpp"
#include "plugins/http_rig.hpp"
#include "tencent/codec/tencent.hpp"
#include "tencent/simulator/provider.hpp"

#include "sdk/http/escape.hpp"
#include "sdk/http/when.hpp"

namespace tencent_simulator_test {

using namespace posthorn;
using namespace posthorn::tests;
namespace simulator = posthorn::tencent::simulator;
using simulated::heard;
using service = simulated::carrier<simulator::server, simulator::options>;

namespace {

constexpr std::int64_t second = 1'000'000;

simulator::options chosen() {
    simulator::options o;
    o.key = {"id", "hush"};
    o.app_id = "14";
    o.approved.sign_name = "明湖";
    o.approved.templates = {{"1110", "您{1}月电费为{2}元。"}, {"1111", "停电通知。"}};
    return o;
}

class client : public simulated::http_client {
public:
    using http_client::http_client;

    sdk::instant at = std::chrono::time_point_cast<sdk::duration>(std::chrono::system_clock::now());
    std::string secret = "hush", action = "SendSms";

    heard ask_for(const std::string& json) {
        const sdk::http_headers signs{{"content-type", "application/json"},
                                      {"host", "sms"},
                                      {"x-tc-action", sdk::lower_case(action)}};
        const auto headers =
            "Host: sms\r\nX-TC-Action: " + action +
            "\r\nX-TC-Version: 2021-01-11\r\nX-TC-Region: ap-guangzhou\r\nX-TC-Timestamp: " +
            sdk::unix_seconds(at) + "\r\nAuthorization: " +
            tencent::authorization_of(
                "id", secret, {.service = "sms", .headers = signs, .body = json, .at = at}) +
            "\r\n";
        return ask("POST /", headers, json);
    }
    heard text(const std::string& phones, const std::string& sign_name = "明湖",
               const std::string& id = "1110", const std::string& gaps = R"("11","86.50")") {
        return ask_for(R"({"PhoneNumberSet":[)" + phones +
                       R"(],"SmsSdkAppId":"14","TemplateId":")" + id + R"(","SignName":")" +
                       sign_name + R"(","TemplateParamSet":[)" + gaps +
                       R"(],"SessionContext":"o-1"})");
    }
};

std::string octets_of(const boost::json::value& v) {
    std::string octets = "POST / HTTP/1.1\r\n";
    for (const auto& [name, value] : fields_in(v, "signed_headers"))
        octets += name + ": " + value + "\r\n";
    return octets +
           "X-TC-Timestamp: " + std::to_string(v.at("timestamp").to_number<std::int64_t>()) +
           "\r\nAuthorization: " + text_in(v, "authorization") + "\r\n\r\n" + text_in(v, "body");
}

constexpr auto home = R"("+8613800138000")", both = R"("+8613800138000","+8613800138001")";
constexpr auto error = "/Response/Error/Code", first = "/Response/SendStatusSet/0/Code",
               last = "/Response/SendStatusSet/1/Code";

} // namespace

TEST_CASE("tencent simulator: signatures as published are right, and no others") {
    int seen = 0;
    for (const auto& v : vectors_of("http_signing.json")) {
        if (text_in(v, "scheme") != "TC3-HMAC-SHA256")
            continue;
        ++seen;
        CAPTURE(text_in(v, "id"));
        const auto octets = octets_of(v);
        const auto asked = simulator::read_message(octets);
        REQUIRE(asked);
        const auto at = v.at("timestamp").to_number<std::int64_t>() * second;
        const simulator::api_key key{text_in(v, "secret_id"), text_in(v, "secret_key")};
        const auto problem = [&](const simulator::api_key& k, std::int64_t when) {
            return std::string(
                simulator::problem_with_signature(*asked, text_in(v, "service"), k, when));
        };
        CHECK(problem(key, at) == "");
        CHECK(problem({key.id, "other"}, at) == "AuthFailure.SignatureFailure");
        CHECK(problem({"other", key.secret}, at) == "AuthFailure.SecretIdNotFound");
        CHECK(problem(key, at + 301 * second) == "AuthFailure.SignatureExpire");
        CHECK(problem(key, at - 301 * second) == "AuthFailure.SignatureExpire");
        auto changed = *asked;
        changed.body = "{}";
        CHECK(simulator::problem_with_signature(changed, text_in(v, "service"), key, at) ==
              "AuthFailure.SignatureFailure");
        CHECK(simulator::problem_with_signature(*asked, "cos", key, at) ==
              "AuthFailure.SignatureFailure");
    }
    CHECK(seen == 3);
}

TEST_CASE("tencent simulator: a request that fails as a whole says why, with status 200") {
    service carrier(chosen());
    client us(carrier.port());
    CHECK(us.ask("POST /", "Host: sms\r\n", "{}").at(error) == "AuthFailure.InvalidAuthorization");
    us.secret = "other";
    auto said = us.text(home);
    CHECK(said.status() == "200");
    CHECK(said.at(error) == "AuthFailure.SignatureFailure");
    us.secret = "hush";
    us.at -= std::chrono::hours(1);
    said = us.text(home);
    CHECK(said.at(error) == "AuthFailure.SignatureExpire");
    CHECK(said.octets.find("\r\nDate: ") != std::string::npos); // by which clocks are set
    us.at += std::chrono::hours(1);
    CHECK(carrier.stat("refused_binds") == 3);
    CHECK(us.text("").at(error) == "MissingParameter.EmptyPhoneNumberSet");
    CHECK(us.text(R"("+8613800138000","+4915112345678")").at(error) ==
          "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber");
    CHECK(us.ask_for("no JSON").at(error) == "InvalidParameter");
    CHECK(us.ask_for(R"({"PhoneNumberSet":["+8613800138000"],"SmsSdkAppId":"15",)"
                     R"("TemplateId":"1110"})")
              .at(error) == "UnauthorizedOperation.SmsSdkAppIdVerifyFail");
    us.action = "SendMms";
    CHECK(us.text(home).at(error) == "InvalidAction");
    CHECK(carrier.stat("submits") == 0);
}

TEST_CASE("tencent simulator: each phone has an answer of its own") {
    auto o = chosen();
    o.refusals = {"8001=LimitExceeded.PhoneNumberDailyLimit"};
    service carrier(o);
    client us(carrier.port());
    auto said = us.text(both);
    CHECK(said.at(first) == "Ok");
    CHECK(said.at("/Response/SendStatusSet/0/SerialNo").starts_with("5000:"));
    CHECK(said.at("/Response/SendStatusSet/0/SessionContext") == "o-1");
    CHECK(said.at(last) == "LimitExceeded.PhoneNumberDailyLimit");
    CHECK(said.at("/Response/SendStatusSet/1/PhoneNumber") == "+8613800138001");
    CHECK(said.at("/Response/SendStatusSet/1/SerialNo") == "");
    said = us.text(R"("1380013800x","13800138000")");
    CHECK(said.at(first) == "InvalidParameterValue.IncorrectPhoneNumber");
    CHECK(said.at(last) == "Ok");
    CHECK(carrier.stat("accepted") == 2);
    const struct {
        const char *sign_name, *id, *gaps, *said;
    } rows[] = {
        {"", "1111", "", "FailedOperation.MissingSignature"},
        {"别人", "1111", "", "FailedOperation.SignatureIncorrectOrUnapproved"},
        {"明湖", "1112", "", "FailedOperation.TemplateUnapprovedOrNotExist"},
        {"明湖", "1110", R"("1")", "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"},
        {"明湖", "1111", "", "Ok"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.said);
        CHECK(us.text(home, row.sign_name, row.id, row.gaps).at(first) == row.said);
    }
}

TEST_CASE("tencent simulator: receipts come in a list, and again until they are taken") {
    auto o = chosen();
    o.suffixes = {"8001=expired"};
    http_server listener([](auto&, auto n) { // the first answer is no "taken"
        return http_server::with(200, n == 0 ? R"({"result":1})" : R"({"result":0,"errmsg":"OK"})");
    });
    o.calls = simulator::read_callback_url(listener.url() + "/v1/carriers/a/x");
    service carrier(o);
    client us(carrier.port());
    const auto said = us.text(both);
    REQUIRE(carrier.comes_to("receipts_answered", 2));
    CHECK(carrier.stat("receipts_deferred") > 0);
    std::vector<std::string> told;
    for (const auto& body : listener.bodies()) {
        const auto list = sdk::read_json(body);
        REQUIRE(list);
        for (const auto& one : list->as_array())
            told.push_back(sdk::text_at(one, "/sid") + " " + sdk::text_at(one, "/nationcode") +
                           " " + sdk::text_at(one, "/mobile") + " " +
                           sdk::text_at(one, "/report_status") + " " +
                           sdk::text_at(one, "/errmsg"));
    }
    const auto serial = [&](const char* n) {
        return said.at("/Response/SendStatusSet/" + std::string(n) + "/SerialNo");
    };
    CHECK(std::ranges::count(told, serial("0") + " 86 13800138000 SUCCESS DELIVRD") > 0);
    CHECK(std::ranges::count(told, serial("1") + " 86 13800138001 FAIL EXPIRED") > 0);
    CHECK(carrier.command("mo 8613800138000 01 退订") == "ok");
    REQUIRE(carrier.comes_to("mo_answered", 1));
    const auto text = sdk::read_json(listener.bodies().back());
    REQUIRE(text); // alone, in no list
    CHECK(sdk::text_at(*text, "/mobile") == "13800138000");
    CHECK(sdk::text_at(*text, "/text") == "退订");
}

TEST_CASE("tencent simulator: each fault has its word") {
    const struct {
        const char *fault, *status, *whole, *phone;
    } rows[] = {{"throttle", "200", "RequestLimitExceeded", ""},
                {"refuse-window", "200", "InternalError.OtherError", ""},
                {"unknown-tlv", "200", "", "Ok"},
                {"reset-before-response", "", "", ""}};
    for (const auto& row : rows) {
        CAPTURE(row.fault);
        service carrier(chosen());
        client us(carrier.port());
        REQUIRE(carrier.command("fault " + std::string(row.fault) + ":once") == "ok");
        const auto said = us.text(both);
        CHECK(said.status() == row.status);
        CHECK(said.at(error) == row.whole);
        CHECK(said.at(last) == row.phone);
        CHECK(carrier.stat("submits") == 2);
    }
}

} // namespace tencent_simulator_test

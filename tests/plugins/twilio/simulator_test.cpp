// The simulated Twilio as a client meets it: who may ask, what it answers, how its calls are signed.
#include "http_server.hpp"
#include "plugins/http_client.hpp"

#include "sdk/http/digest.hpp"
#include "sdk/http/escape.hpp"
#include "twilio/simulator/provider.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace simulator_test {

namespace sdk = posthorn::sdk;
namespace simulator = posthorn::twilio::simulator;
using twilio = posthorn::simulated::carrier<simulator::server, simulator::options>;

namespace {

const std::string account = "/2010-04-01/Accounts/AC00000000000000000000000000000000";
const std::string login = "Authorization: Basic " +
                          sdk::base64_of("AC00000000000000000000000000000000:simulator") + "\r\n";

class client : public posthorn::simulated::http_client {
public:
    using http_client::http_client;

    auto send_form(std::string_view form) {
        return post_form(account + "/Messages.json", login, form);
    }
    auto submit(std::string_view to, std::string_view call_to = "") {
        return send_form(sdk::form_of({{"To", std::string(to)},
                                       {"From", "+15005550006"},
                                       {"Body", "hello & 你好"},
                                       {"StatusCallback", std::string(call_to)}}));
    }
    auto state_of(const std::string& sid) {
        return get(account + "/Messages/" + sid + ".json", login);
    }
};

std::string header_in(const std::string& head, const std::string& name) {
    const auto at = head.find(name + ": ");
    return at == std::string::npos
               ? ""
               : head.substr(at + name.size() + 2, head.find("\r\n", at) - at - name.size() - 2);
}

} // namespace

TEST_CASE("twilio simulator: a text is taken, and its receipt is called and signed") {
    http_server listener([](auto&, auto) { return http_server::with(200, "<Response/>"); });
    simulator::options o;
    o.suffixes = {"0001=undelivered"};
    twilio carrier(o);
    client us(carrier.port());
    const auto said = us.submit("+8613800000001", listener.url() + "/x?a=1#rc=2");
    CHECK(said.status() == "201");
    CHECK(said.at("/status") == "queued");
    CHECK(said.at("/body") == "hello & 你好");
    const auto sid = said.at("/sid");
    CHECK(sid.size() == 34);
    CHECK(sid.starts_with("SM"));
    REQUIRE(carrier.comes_to("receipts_answered", 1));
    const auto head = listener.heads()[0];
    CHECK(head.starts_with("POST /x?a=1 HTTP/1.1\r\n"));
    const auto form = sdk::read_form(listener.bodies()[0]);
    REQUIRE(form);
    CHECK(sdk::field_of(*form, "MessageSid") == sid);
    CHECK(sdk::field_of(*form, "MessageStatus") == "undelivered");
    CHECK(sdk::field_of(*form, "ErrorCode") == "30003");
    const auto all = listener.url() + "/x?a=1" +
                     "AccountSidAC00000000000000000000000000000000ApiVersion2010-04-01"
                     "ErrorCode30003From+15005550006MessageSid" +
                     sid + "MessageStatusundeliveredSmsSid" + sid +
                     "SmsStatusundeliveredTo+8613800000001";
    CHECK(header_in(head, "X-Twilio-Signature") ==
          sdk::base64_of(sdk::hmac_of(sdk::digest::sha1, "simulator", all)));
}

TEST_CASE("twilio simulator: without anybody to call it is asked what became of a text") {
    simulator::options o;
    o.suffixes = {"0001=expired", "0002=none"};
    twilio carrier(o);
    client us(carrier.port());
    const struct {
        const char *to, *status, *word, *error;
    } rows[] = {{"+8613800000000", "200", "delivered", ""},
                {"+8613800000001", "200", "failed", "30036"},
                {"+8613800000002", "404", "404", ""}};
    for (const auto& row : rows) {
        CAPTURE(row.to);
        const auto said = us.state_of(us.submit(row.to).at("/sid"));
        CHECK(said.status() == row.status);
        CHECK(said.at("/status") == row.word);
        CHECK(said.at("/error_code") == row.error);
    }
}

TEST_CASE("twilio simulator: who does not log in is refused") {
    simulator::options o;
    o.key_sid = "SK1";
    o.key_secret = "hush";
    twilio carrier(o);
    client us(carrier.port());
    const struct {
        std::string words;
        const char* status;
    } rows[] = {{"AC00000000000000000000000000000000:wrong", "401"},
                {"AC1:simulator", "401"},
                {"SK1:hush", "201"},
                {"SK1:simulator", "401"}};
    for (const auto& row : rows) {
        CAPTURE(row.words);
        const auto said = us.post_form(account + "/Messages.json",
                                       "Authorization: Basic " + sdk::base64_of(row.words) + "\r\n",
                                       "To=%2B1234&From=a&Body=x");
        CHECK(said.status() == row.status);
        CHECK(said.at("/code") == (said.status() == "401" ? "20003" : ""));
    }
    CHECK(us.get(account + "/Messages.json", "").status() == "401");
    CHECK(carrier.stat("accepted") == 1);
}

TEST_CASE("twilio simulator: what is no message is refused by the code of its mistake") {
    twilio carrier;
    client us(carrier.port());
    const struct {
        std::string form;
        const char *status, *code;
    } rows[] = {
        {"From=a&Body=x", "400", "21604"},
        {"To=%2B1234&Body=x", "400", "21603"},
        {"To=%2B1234&From=a", "400", "21602"},
        {"To=1234&From=a&Body=x", "400", "21211"},
        {"To=%2B0234&From=a&Body=x", "400", "21211"},
        {"To=%2B1234567890123456&From=a&Body=x", "400", "21211"},
        {"To=%2B1234&From=a&Body=" + std::string(1601, 'x'), "400", "21617"},
        {"To=%2B1234&From=a&Body=" + std::string(1600, 'x'), "201", ""},
        {"To=%2B1234&From=a&Body=x&ValidityPeriod=0", "400", "21624"},
        {"To=%2B1234&From=a&Body=x&ValidityPeriod=36001", "400", "21624"},
        {"To=%2B1234&From=a&Body=x&ValidityPeriod=36000", "201", ""},
        {"To=%2B1234&From=a&Body=x&StatusCallback=sms", "400", "21609"},
        {"To=%2B1234&MessagingServiceSid=MG1&Body=x", "201", ""},
        {"%zz", "400", "21604"},
        {"", "400", "21604"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.form);
        const auto said = us.send_form(row.form);
        CHECK(said.status() == row.status);
        CHECK(said.at("/code") == row.code);
    }
    CHECK(us.ask("POST " + account + "/Messages.json", login, R"({"To":"+1234"})").at("/code") ==
          "21604"); // no form
    CHECK(us.get(account + "/Messages.json", login).status() == "405");
    CHECK(us.get("/2010-04-01/Accounts/AC1/Messages/SM1.json", login).at("/code") == "20404");
}

TEST_CASE("twilio simulator: faults and refusals are said in its own codes") {
    const struct {
        const char *fault, *to, *status, *code;
    } rows[] = {{"throttle", "+8613800138000", "429", "20429"},
                {"refuse-window", "+8613800138000", "400", "21611"},
                {"unknown-tlv", "+8613800138000", "201", ""},
                {"slow-read", "+8613800000009", "400", "21610"}};
    for (const auto& row : rows) {
        CAPTURE(row.fault);
        simulator::options o;
        o.refusals = {"0009=21610"};
        twilio carrier(o);
        REQUIRE(carrier.command("fault " + std::string(row.fault) + ":once") == "ok");
        client us(carrier.port());
        const auto said = us.submit(row.to);
        CHECK(said.status() == row.status);
        CHECK(said.at("/code") == row.code);
    }
}

TEST_CASE("twilio simulator: a call that is refused is repeated where its URL says so") {
    const struct {
        const char *fragment, *counted;
        int status;
    } rows[] = {{"", "receipts_refused", 503},
                {"#rc=5&rp=5xx", "receipts_refused", 404},
                {"#rc=5&rp=5xx", "receipts_deferred", 503},
                {"#rc=5&rp=all", "receipts_deferred", 404}};
    for (const auto& row : rows) {
        CAPTURE(row.fragment);
        http_server listener([&](auto&, auto) { return http_server::with(row.status, ""); });
        twilio carrier;
        client(carrier.port()).submit("+8613800138000", listener.url() + "/x" + row.fragment);
        CHECK(carrier.comes_to(row.counted, 1));
    }
}

TEST_CASE("twilio simulator: a phone's text comes whole") {
    http_server listener([](auto&, auto) { return http_server::with(200, "<Response/>"); });
    twilio carrier;
    client us(carrier.port());
    us.submit("+8613800138000", listener.url() + "/x");
    REQUIRE(carrier.comes_to("receipts_answered", 1));
    CHECK(carrier.command("mo 8613800138000 +15005550006 您好 & co") == "ok");
    REQUIRE(carrier.comes_to("mo_answered", 1));
    const auto form = sdk::read_form(listener.bodies()[1]);
    REQUIRE(form);
    CHECK(sdk::field_of(*form, "From") == "+8613800138000");
    CHECK(sdk::field_of(*form, "To") == "+15005550006");
    CHECK(sdk::field_of(*form, "Body") == "您好 & co");
    CHECK(sdk::field_of(*form, "SmsStatus") == "received");
}

} // namespace simulator_test

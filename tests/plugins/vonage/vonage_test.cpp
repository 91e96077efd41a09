#include "plugins/http_rig.hpp"
#include "vonage/codec/vonage.hpp"

namespace vonage_test {

using namespace posthorn;
using namespace posthorn::tests;

namespace {

const sdk::moment now{sdk::instant{std::chrono::seconds(1795311400)}, "00"};

vonage::signing method_named(const std::string& name) {
    return name == "md5hash"  ? vonage::signing::md5hash
           : name == "md5"    ? vonage::signing::md5
           : name == "sha1"   ? vonage::signing::sha1
           : name == "sha256" ? vonage::signing::sha256
                              : vonage::signing::sha512;
}

const vonage::account_data unsigned_calls{
    .url = "https://rest.nexmo.com", .api_key = "k", .api_secret = "s", .callback_secret = "path"};

} // namespace

TEST_CASE("vonage: signatures by every method, and a signed receipt") {
    int seen = 0;
    for (const auto& v : vectors_of("http_signing.json")) {
        if (text_in(v, "scheme") != "vonage-sig")
            continue;
        CAPTURE(text_in(v, "id"));
        ++seen;
        auto fields = fields_in(v, "params");
        const auto method = method_named(text_in(v, "algorithm"));
        const auto sum = vonage::signature_of(method, text_in(v, "secret"), fields);
        CHECK(sum == text_in(v, "signature"));
        auto a = unsigned_calls;
        a.signature_secret = text_in(v, "secret");
        a.method = method;
        fields.emplace_back("sig", sum);
        const auto got = vonage::read_call(a, {"POST", "", "", {}, sdk::form_of(fields)}, now);
        REQUIRE(got.receipts.size() == 1);
        CHECK(got.receipts[0].state == sdk::receipt_state::delivered);
        // too late, too early, changed, not signed
        const auto later = sdk::moment{now.now + std::chrono::minutes(6), ""};
        CHECK_FALSE(
            vonage::read_call(a, {"GET", "", sdk::form_of(fields), {}, ""}, later).answer.known);
        fields.emplace_back("x", "1");
        CHECK_FALSE(
            vonage::read_call(a, {"GET", "", sdk::form_of(fields), {}, ""}, now).answer.known);
        fields = fields_in(v, "params");
        CHECK_FALSE(
            vonage::read_call(a, {"GET", "", sdk::form_of(fields), {}, ""}, now).answer.known);
    }
    CHECK(seen == 5);
}

TEST_CASE("vonage: a receipt as JSON, form or query, at a secret path") {
    const auto json = body_of("vonage_dlr");
    const std::string form = "messageId=0A01&msisdn=447700900000&status=delivered&err-code=0";
    for (const auto& c :
         {sdk::call{"POST", "/path", "", {}, json}, sdk::call{"POST", "/path", "", {}, form},
          sdk::call{"GET", "/path", form, {}, ""}}) {
        const auto got = vonage::read_call(unsigned_calls, c, now);
        REQUIRE(got.receipts.size() == 1);
        CHECK(got.receipts[0].ref == "0A01");
        CHECK(got.receipts[0].code == "delivered");
        CHECK(got.receipts[0].recipient == "447700900000");
    }
    CHECK_FALSE(
        vonage::read_call(unsigned_calls, {"POST", "/other", "", {}, json}, now).answer.known);
}

TEST_CASE("vonage: a receipt repeats the reference of its text") {
    const struct {
        const char* ref;
        std::optional<std::uint16_t> reference;
    } rows[] = {{"77-4242", 4242}, {"77-0", 0}, {"77-65536", {}}, {"77-", {}},
                {"77", {}},        {"a-b", {}}, {"", {}}};
    for (const auto& row : rows) {
        CAPTURE(row.ref);
        const auto query = "messageId=0A01&msisdn=447700900000&status=delivered&client-ref=" +
                           std::string(row.ref);
        const auto got = vonage::read_call(unsigned_calls, {"GET", "/path", query, {}, ""}, now);
        REQUIRE(got.receipts.size() == 1);
        CHECK((got.receipts[0].reference == row.reference));
    }
}

TEST_CASE("vonage: a text from a phone, and a part of a long one") {
    const auto of = [](const std::string& query) {
        const auto got = vonage::read_call(unsigned_calls, {"GET", "/path", query, {}, ""}, now);
        REQUIRE(got.texts.size() == 1);
        return got.texts[0];
    };
    auto t = of("messageId=1&msisdn=447700900000&to=447700900001&text=hi&type=text");
    CHECK(t.sender == "+447700900000");
    CHECK(t.recipient == "447700900001");
    CHECK(t.text == "hi");
    CHECK_FALSE(t.udh);
    t = of("messageId=1&msisdn=44&to=45&text=%E4%BD%A0&concat=true&concat-ref=258&concat-total=3"
           "&concat-part=2");
    CHECK(t.udh);
    CHECK(t.text.empty());
    CHECK(t.data_coding == 8);
    CHECK(t.octets == std::string("\x06\x08\x04\x01\x02\x03\x02\x4f\x60", 9));
}

TEST_CASE("vonage: what a response says") {
    struct row {
        unsigned status;
        std::string body;
        sdk::http_meaning what;
        std::string ref, code;
    };
    const auto one = [](const char* status) {
        return R"({"messages":[{"status":")" + std::string(status) + "\"}]}";
    };
    for (const auto& [status, body, what, ref, code] : std::initializer_list<row>{
             {200, body_of("vonage_send"), sdk::http_meaning::accepted, "0A01", "1"},
             {200, one("1"), sdk::http_meaning::throttle, "", "1"},
             {200, one("4"), sdk::http_meaning::config, "", "4"},
             {200, one("5"), sdk::http_meaning::transient, "", "5"},
             {200, one("7"), sdk::http_meaning::permanent, "", "7"},
             {200, one("99"), sdk::http_meaning::permanent, "", "99"},
             {200, one("0"), sdk::http_meaning::uncertain, "", "accepted without an id"},
             {200, "{}", sdk::http_meaning::uncertain, "", "an answer that says nothing known"},
             {503, "", sdk::http_meaning::throttle, "", "HTTP 503"},
         }) {
        CAPTURE(body);
        const auto said = vonage::read_response({status, {}, body});
        CHECK(said.what == what);
        CHECK(said.ref == ref);
        CHECK(said.code == code);
    }
    CHECK(vonage::plain_words("failed err:7") == "the handset is busy");
}

TEST_CASE("vonage: a request shows the secret or a signature, never both") {
    const sdk::http_text t{.message = 77,
                           .recipient = "447700900000",
                           .sender = "AcmeInc",
                           .text = "你好",
                           .unicode = true,
                           .reference = 4242,
                           .validity = std::chrono::seconds(1)};
    auto sent = *sdk::read_form(vonage::request_for(unsigned_calls, t, now).body);
    CHECK(sdk::field_of(sent, "api_secret") == "s");
    CHECK(sdk::field_of(sent, "sig").empty());
    CHECK(sdk::field_of(sent, "type") == "unicode");
    CHECK(sdk::field_of(sent, "ttl") == "20000");
    CHECK(sdk::field_of(sent, "client-ref") == "77-4242");
    auto a = unsigned_calls;
    a.signature_secret = "x";
    sent = *sdk::read_form(vonage::request_for(a, t, now).body);
    CHECK(sdk::field_of(sent, "api_secret").empty());
    CHECK(sdk::field_of(sent, "timestamp") == "1795311400");
    CHECK(sdk::field_of(sent, "sig") == vonage::signature_of(vonage::signing::sha256, "x", sent));
}

TEST_CASE("vonage: over a network") {
    http_rig r([](auto&, auto) {
        return http_server::with(200, R"({"messages":[{"status":"0","message-id":"0A7"}]})");
    });
    r.set("url", r.server.url());
    r.set("api_key", "k");
    r.set("api_secret", "hush");
    r.set("sender", "AcmeInc");
    r.run();
    CHECK(r.verdict_of(r.unit(1, "x")).ref == "0A7");
    CHECK(r.server.heads()[0].starts_with("POST /sms/json "));
    CHECK_FALSE(r.host.logged("hush"));
}

} // namespace vonage_test

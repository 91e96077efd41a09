#include "aliyun/codec/aliyun.hpp"

#include "sdk/china_number.hpp"
#include "sdk/china_time.hpp"
#include "sdk/http/codes.hpp"
#include "sdk/http/digest.hpp"
#include "sdk/http/json_call.hpp"
#include "sdk/http/json_text.hpp"
#include "sdk/http/signed_headers.hpp"
#include "sdk/http/when.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace posthorn::aliyun {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using sdk::code_row;
using sdk::http_meaning;

constexpr std::string_view version = "2017-05-25", scheme = "ACS3-HMAC-SHA256";

// In this order: the first that fits.
constexpr std::array codes{
    code_row{"isv.BUSINESS_LIMIT_CONTROL", http_meaning::transient,
             "this phone has had too many texts for now", 1min},
    code_row{"isv.DAY_LIMIT_CONTROL", http_meaning::transient, "the limit of the day is reached",
             1h},
    code_row{"isv.MONTH_LIMIT_CONTROL", http_meaning::transient,
             "the limit of the month is reached", 24h},
    code_row{"Throttling*", http_meaning::throttle, "too many requests at once", 1s},
    code_row{"isp.SYSTEM_ERROR", http_meaning::transient, "an error of Aliyun's own"},
    code_row{"ServiceUnavailable", http_meaning::transient, "an error of Aliyun's own"},
    code_row{"InternalError", http_meaning::transient, "an error of Aliyun's own"},
    code_row{"SignatureNonceUsed", http_meaning::again, "a nonce came twice"},
    code_row{"InvalidTimeStamp*", http_meaning::clock, "the clock of this machine is wrong"},
    code_row{"SignatureDoesNotMatch", http_meaning::config, "login refused: see access_key_secret"},
    code_row{"InvalidAccessKeyId*", http_meaning::config, "login refused: see access_key_id"},
    code_row{"IncompleteSignature", http_meaning::config, "login refused"},
    code_row{"isp.RAM_PERMISSION_DENY", http_meaning::config, "the key has no right to send texts"},
    code_row{"isv.ACCOUNT_*", http_meaning::config, "something is wrong with the account"},
    code_row{"isv.PRODUCT_UN_SUBSCRIPT", http_meaning::config, "the account has no SMS"},
    code_row{"isv.OUT_OF_SERVICE", http_meaning::config, "the account is stopped"},
    code_row{"isv.AMOUNT_NOT_ENOUGH", http_meaning::config, "no credit left"},
    code_row{"isv.SMS_SIGNATURE_ILLEGAL", http_meaning::config, "sign_name is not approved"},
    code_row{"isv.SIGN_NAME_ILLEGAL", http_meaning::config, "sign_name is not approved"},
    code_row{"isv.SMS_TEMPLATE_ILLEGAL", http_meaning::elsewhere, "the template is not approved"},
    code_row{"isv.TEMPLATE_MISSING_PARAMETERS", http_meaning::elsewhere,
             "a gap of the template is not filled: it differs from what `templates` says"},
    code_row{"isv.PARAM_LENGTH_LIMIT", http_meaning::permanent, "what stands in a gap is too long"},
    code_row{"isv.PARAM_NOT_SUPPORT_URL", http_meaning::permanent, "no gap may have a URL"},
    code_row{"isv.MOBILE_NUMBER_ILLEGAL", http_meaning::permanent, "no valid phone number"},
    code_row{"isv.BLACK_KEY_CONTROL_LIMIT", http_meaning::permanent, "a word that is not allowed"},
};

std::string phone_of(std::string_view number) { return std::string(sdk::national_number(number)); }

// A text's ref. `phone`: with 86 or without.
std::string ref_of(const std::string& biz_id, std::string_view phone) {
    return biz_id + "/" + phone_of(phone);
}

sdk::http_request signed_call(const account_data& a, std::string_view action,
                              const sdk::form_fields& fields, const sdk::moment& at) {
    signed_request s{.host = sdk::host_in(a.url), .body = sdk::form_of(fields)};
    s.headers = {{"content-type", "application/x-www-form-urlencoded"},
                 {"host", s.host},
                 {"x-acs-action", std::string(action)},
                 {"x-acs-content-sha256", sdk::hex_sha256(s.body)},
                 {"x-acs-date", sdk::iso_date(at.now) + "T" + sdk::iso_time(at.now) + "Z"},
                 {"x-acs-signature-nonce", at.nonce},
                 {"x-acs-version", std::string(version)}};
    if (!a.security_token.empty())
        s.headers.emplace_back("x-acs-security-token", a.security_token);
    std::ranges::sort(s.headers);
    sdk::http_request out{"POST", a.url, {}, s.body};
    for (const auto& h : s.headers)
        if (h.first != "host")
            out.headers.push_back(h);
    out.headers.emplace_back("Accept", "application/json");
    out.headers.emplace_back("Authorization", authorization_of(a.key_id, a.key_secret, s, "POST"));
    return out;
}

json::object object_of(const sdk::approved_template::parameters& parameters) {
    json::object out;
    for (const auto& [name, value] : parameters)
        out[name] = value;
    return out;
}

sdk::form_fields for_one(const account_data& a, const sdk::http_text& t,
                         const sdk::approved_templates::match& fits) {
    sdk::form_fields out{{"PhoneNumbers", phone_of(t.recipient)},
                         {"SignName", a.sign_name},
                         {"TemplateCode", fits.of->id()},
                         {"OutId", std::to_string(t.message)}};
    if (!fits.parameters.empty())
        out.emplace_back("TemplateParam", json::serialize(object_of(fits.parameters)));
    if (!a.extend_code.empty())
        out.emplace_back("SmsUpExtendCode", a.extend_code);
    return out;
}

sdk::form_fields for_many(const account_data& a, std::span<const sdk::http_text> texts) {
    json::array phones, names, parameters, extensions;
    std::string code;
    for (const auto& t : texts) {
        const auto fits = a.templates.find(t.text);
        code = fits ? fits->of->id() : code;
        phones.emplace_back(phone_of(t.recipient));
        names.emplace_back(a.sign_name);
        parameters.emplace_back(fits ? object_of(fits->parameters) : json::object());
        extensions.emplace_back(a.extend_code);
    }
    sdk::form_fields out{{"PhoneNumberJson", json::serialize(phones)},
                         {"SignNameJson", json::serialize(names)},
                         {"TemplateCode", code},
                         {"TemplateParamJson", json::serialize(parameters)}};
    if (!a.extend_code.empty())
        out.emplace_back("SmsUpExtendCodeJson", json::serialize(extensions));
    return out;
}

bool is_true(std::string_view text) { return text == "true" || text == "1"; }

// A number as a phone writes it: with 86 again, and + where it is whole.
std::string sender_of(const std::string& phone) {
    const bool domestic = phone.size() == 11 && phone.starts_with('1');
    return domestic ? "+86" + phone : phone;
}

void read_one(const json::value& v, sdk::http_callback& to) {
    const auto at = [&](std::string_view name) { return sdk::text_at(v, name); };
    const auto phone = at("/phone_number"), biz_id = at("/biz_id");
    if (!biz_id.empty() && !phone.empty()) {
        sdk::receipt r;
        r.ref = ref_of(biz_id, phone);
        r.code = at("/err_code");
        r.state = sdk::state_told(is_true(at("/success")), r.code);
        r.recipient = phone.size() == 11 ? "86" + phone : phone;
        to.receipts.push_back(std::move(r));
    } else if (!phone.empty() && !at("/content").empty()) {
        sdk::inbound t;
        t.sender = sender_of(phone);
        t.recipient = at("/dest_code");
        t.text = at("/content");
        to.texts.push_back(std::move(t));
    }
}

} // namespace

std::string canonical_of(const signed_request& r, const std::string& method) {
    auto query = r.query;
    std::ranges::sort(query);
    return method + "\n" + r.path + "\n" + sdk::form_of(query) + "\n" +
           sdk::lines_and_names_of(r.headers) + "\n" + sdk::hex_sha256(r.body);
}

std::string authorization_of(const std::string& key_id, const std::string& key_secret,
                             const signed_request& r, const std::string& method) {
    const auto to_sign = std::string(scheme) + "\n" + sdk::hex_sha256(canonical_of(r, method));
    return std::string(scheme) + " Credential=" + key_id +
           ",SignedHeaders=" + sdk::names_of(r.headers) +
           ",Signature=" + sdk::hex_of(sdk::hmac_of(sdk::digest::sha256, key_secret, to_sign));
}

sdk::http_request request_for(const account_data& a, std::span<const sdk::http_text> texts,
                              const sdk::moment& at) {
    if (texts.size() > 1)
        return signed_call(a, "SendBatchSms", for_many(a, texts), at);
    const auto fits = a.templates.find(texts.front().text);
    return signed_call(a, "SendSms", fits ? for_one(a, texts.front(), *fits) : sdk::form_fields(),
                       at);
}

std::vector<sdk::http_reading> read_response(std::span<const sdk::http_text> texts,
                                             const sdk::http_response& r) {
    const auto body = sdk::read_json(r.body);
    const auto code = body ? sdk::text_at(*body, "/Code") : std::string();
    const auto biz_id = body ? sdk::text_at(*body, "/BizId") : std::string();
    if (!code.empty() && code != "OK")
        return sdk::refused_as_one(
            texts.size(),
            sdk::reading_of(codes, code,
                            r.status < 500 ? http_meaning::permanent : http_meaning::uncertain));
    auto said = sdk::by_status(r);
    if (code == "OK")
        said.code = "accepted without an id";
    std::vector<sdk::http_reading> out(texts.size(), said);
    if (code == "OK" && !biz_id.empty())
        for (std::size_t i = 0; i < texts.size(); ++i)
            out[i] = {.what = http_meaning::accepted, .ref = ref_of(biz_id, texts[i].recipient)};
    return out;
}

sdk::http_request inquiry_for(const account_data& a, const sdk::accepted_part& p,
                              const sdk::moment& at) {
    // what was sent before midnight is not found then
    auto day = sdk::iso_date(at.now + sdk::china_is_ahead);
    std::erase(day, '-');
    return signed_call(a, "QuerySendDetails",
                       {{"PhoneNumber", phone_of(p.recipient)},
                        {"BizId", p.ref.substr(0, p.ref.find('/'))},
                        {"SendDate", day},
                        {"PageSize", "1"},
                        {"CurrentPage", "1"}},
                       at);
}

sdk::inquiry read_inquiry(const sdk::http_response& r) {
    const auto body = sdk::read_json(r.body);
    const auto* one = body ? sdk::find_at(*body, "/SmsSendDetailDTOs/SmsSendDetailDTO/0") : nullptr;
    if (one == nullptr)
        return {sdk::inquiry::kind::unknown, {}, body ? sdk::text_at(*body, "/Code") : "no answer"};
    const auto status = sdk::text_at(*one, "/SendStatus");
    auto code = sdk::text_at(*one, "/ErrCode");
    const bool is_over = status == "3" || status == "2";
    const auto state = is_over ? sdk::state_told(status == "3", code) : sdk::receipt_state::enroute;
    return {sdk::inquiry::kind::known, state, std::move(code)};
}

sdk::http_callback read_call(const account_data& a, const sdk::call& c) {
    constexpr sdk::json_answers say{R"({"code":0,"msg":"成功"})", R"({"code":1,"msg":"no JSON"})"};
    return sdk::read_json_call(c, a.callback_secret, say, read_one);
}

std::string plain_words(std::string_view code) { return sdk::words_of(codes, code); }

} // namespace posthorn::aliyun

#include "tencent/codec/tencent.hpp"

#include "sdk/http/codes.hpp"
#include "sdk/http/digest.hpp"
#include "sdk/http/escape.hpp"
#include "sdk/http/json_call.hpp"
#include "sdk/http/json_text.hpp"
#include "sdk/http/signed_headers.hpp"
#include "sdk/http/when.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>

namespace posthorn::tencent {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using sdk::code_row;
using sdk::http_meaning;

constexpr std::string_view scheme = "TC3-HMAC-SHA256", version = "2021-01-11",
                           content_type = "application/json; charset=utf-8";

// In this order: the first that fits.
constexpr std::array codes{
    code_row{"LimitExceeded.AppDailyLimit*", http_meaning::throttle,
             "the limit of the day is reached", 60s},
    code_row{"LimitExceeded.PhoneNumberDailyLimit*", http_meaning::transient,
             "this phone has had too many texts today", 1h},
    code_row{"LimitExceeded.PhoneNumberSameContentDailyLimit*", http_meaning::transient,
             "this phone has had this text too often today", 1h},
    code_row{"LimitExceeded.PhoneNumberCountLimit*", http_meaning::permanent, "too many phones"},
    code_row{"LimitExceeded.*", http_meaning::transient,
             "this phone has had too many texts for now", 1min},
    code_row{"RequestLimitExceeded*", http_meaning::throttle, "too many requests at once", 1s},
    code_row{"AuthFailure.SignatureExpire*", http_meaning::clock,
             "the clock of this machine is wrong"},
    code_row{"AuthFailure.*", http_meaning::config, "login refused: see secret_id and secret_key"},
    code_row{"UnauthorizedOperation.*", http_meaning::config, "the key has no right to send texts"},
    code_row{"FailedOperation.InsufficientBalanceInSmsPackage*", http_meaning::config,
             "no credit left"},
    code_row{"FailedOperation.SignatureIncorrectOrUnapproved*", http_meaning::config,
             "sign_name is not approved"},
    code_row{"FailedOperation.MissingSignature*", http_meaning::config, "sign_name is missing"},
    code_row{"FailedOperation.TemplateIncorrectOrUnapproved*", http_meaning::elsewhere,
             "the template is not approved"},
    code_row{"FailedOperation.TemplateUnapprovedOrNotExist*", http_meaning::elsewhere,
             "the template is not approved"},
    code_row{"FailedOperation.TemplateParamSetNotMatchApprovedTemplate*", http_meaning::elsewhere,
             "the gaps are not those of the template: it differs from what `templates` says"},
    code_row{"FailedOperation.PhoneNumberInBlacklist*", http_meaning::permanent,
             "on the list of those not to be disturbed"},
    code_row{"FailedOperation.ContainSensitiveWord*", http_meaning::permanent,
             "a word that is not allowed"},
    code_row{"InvalidParameter*", http_meaning::permanent, "a parameter is not valid"},
    code_row{"MissingParameter*", http_meaning::permanent, "a parameter is missing"},
    code_row{"UnsupportedOperation.*", http_meaning::permanent, "phones that do not go together"},
    code_row{"InternalError*", http_meaning::transient, "an error of Tencent's own"},
    code_row{"FailedOperation*", http_meaning::transient, "it failed at Tencent"},
};

std::string body_for(const account_data& a, std::span<const sdk::http_text> texts) {
    json::array phones, parameters;
    for (const auto& t : texts)
        phones.emplace_back("+" + t.recipient);
    const auto fits = a.templates.find(texts.front().text);
    if (fits)
        for (const auto& [name, value] : fits->parameters)
            parameters.emplace_back(value);
    json::object out{{"PhoneNumberSet", std::move(phones)},
                     {"SmsSdkAppId", a.app_id},
                     {"TemplateId", fits ? fits->of->id() : std::string()},
                     {"SignName", a.sign_name},
                     {"TemplateParamSet", std::move(parameters)},
                     {"SessionContext", std::to_string(texts.front().message)}};
    if (!a.extend_code.empty())
        out["ExtendCode"] = a.extend_code;
    if (!a.sender_id.empty())
        out["SenderId"] = a.sender_id;
    return json::serialize(out);
}

void read_one(const json::value& v, sdk::http_callback& to) {
    const auto at = [&](std::string_view name) { return sdk::text_at(v, name); };
    const auto phone = std::string(sdk::digits_of(at("/nationcode"))) + at("/mobile");
    if (const auto sid = at("/sid"); !sid.empty()) {
        const auto status = at("/report_status");
        const bool well = status == "SUCCESS" || (status.empty() && at("/result") == "0");
        sdk::receipt r;
        r.ref = sid;
        r.code = at("/errmsg");
        r.state = sdk::state_told(well, r.code);
        r.recipient = phone;
        to.receipts.push_back(std::move(r));
    } else if (!phone.empty() && !at("/text").empty()) {
        sdk::inbound t;
        t.sender = (at("/nationcode").empty() ? "" : "+") + phone;
        t.recipient = at("/extend");
        t.text = at("/text");
        to.texts.push_back(std::move(t));
    }
}

} // namespace

std::string canonical_of(const signed_request& r) {
    return "POST\n/\n\n" + sdk::lines_and_names_of(r.headers) + "\n" + sdk::hex_sha256(r.body);
}

std::string authorization_of(const std::string& secret_id, const std::string& secret_key,
                             const signed_request& r) {
    const auto sign = [](std::string_view key, std::string_view text) {
        return sdk::hmac_of(sdk::digest::sha256, key, text);
    };
    const auto date = sdk::iso_date(r.at);
    const auto scope = date + "/" + r.service + "/tc3_request";
    const auto to_sign = std::string(scheme) + "\n" + sdk::unix_seconds(r.at) + "\n" + scope +
                         "\n" + sdk::hex_sha256(canonical_of(r));
    const auto key = sign(sign(sign("TC3" + secret_key, date), r.service), "tc3_request");
    return std::string(scheme) + " Credential=" + secret_id + "/" + scope +
           ", SignedHeaders=" + sdk::names_of(r.headers) +
           ", Signature=" + sdk::hex_of(sign(key, to_sign));
}

sdk::http_request request_for(const account_data& a, std::span<const sdk::http_text> texts,
                              const sdk::moment& at) {
    signed_request s{.service = "sms",
                     .headers = {{"content-type", std::string(content_type)},
                                 {"host", sdk::host_in(a.url)},
                                 {"x-tc-action", "sendsms"}},
                     .body = body_for(a, texts),
                     .at = at.now};
    sdk::http_request out{"POST",
                          a.url,
                          {{"Content-Type", std::string(content_type)},
                           {"X-TC-Action", "SendSms"},
                           {"X-TC-Version", std::string(version)},
                           {"X-TC-Region", a.region},
                           {"X-TC-Timestamp", sdk::unix_seconds(at.now)},
                           {"Authorization", authorization_of(a.secret_id, a.secret_key, s)}},
                          s.body};
    if (!a.token.empty())
        out.headers.emplace_back("X-TC-Token", a.token);
    return out;
}

std::vector<sdk::http_reading> read_response(std::span<const sdk::http_text> texts,
                                             const sdk::http_response& r) {
    const auto body = sdk::read_json(r.body);
    const auto* all = body ? sdk::find_at(*body, "/Response") : nullptr;
    if (all == nullptr)
        return std::vector(texts.size(), sdk::by_status(r));
    if (auto code = sdk::text_at(*all, "/Error/Code"); !code.empty())
        return sdk::refused_as_one(texts.size(), sdk::reading_of(codes, std::move(code)));
    std::vector<sdk::http_reading> out;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto* one = sdk::find_at(*all, "/SendStatusSet/" + std::to_string(i));
        if (one == nullptr ||
            sdk::digits_of(sdk::text_at(*one, "/PhoneNumber")) != texts[i].recipient)
            out.push_back({.what = http_meaning::uncertain, .code = "no word of it in the answer"});
        else if (auto code = sdk::text_at(*one, "/Code"); code != "Ok")
            out.push_back(sdk::reading_of(codes, std::move(code)));
        else
            out.push_back(sdk::accepted_as(sdk::text_at(*one, "/SerialNo")));
    }
    return out;
}

sdk::http_callback read_call(const account_data& a, const sdk::call& c) {
    constexpr sdk::json_answers say{R"({"result":0,"errmsg":"OK"})",
                                    R"({"result":1,"errmsg":"no JSON"})"};
    return sdk::read_json_call(c, a.callback_secret, say, read_one);
}

std::string plain_words(std::string_view code) { return sdk::words_of(codes, code); }

} // namespace posthorn::tencent

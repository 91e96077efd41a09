#include "tencent/codec/tencent.hpp"

#include "sdk/http/digest.hpp"
#include "sdk/http/escape.hpp"
#include "sdk/http/json_text.hpp"
#include "sdk/http/signed_headers.hpp"
#include "sdk/http/when.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace posthorn::tencent {

namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using sdk::meaning;

constexpr std::string_view scheme = "TC3-HMAC-SHA256", version = "2021-01-11",
                           content_type = "application/json; charset=utf-8";

struct code_row {
    std::string_view begins;
    meaning what;
    sdk::duration after;
    std::string_view words;
};

// In this order: the first that fits.
constexpr std::array codes{
    code_row{"LimitExceeded.AppDailyLimit", meaning::throttle, 60s,
             "the limit of the day is reached"},
    code_row{"LimitExceeded.PhoneNumberDailyLimit", meaning::transient, 1h,
             "this phone has had too many texts today"},
    code_row{"LimitExceeded.PhoneNumberSameContentDailyLimit", meaning::transient, 1h,
             "this phone has had this text too often today"},
    code_row{"LimitExceeded.PhoneNumberCountLimit", meaning::permanent, 0s, "too many phones"},
    code_row{"LimitExceeded.", meaning::transient, 1min,
             "this phone has had too many texts for now"},
    code_row{"RequestLimitExceeded", meaning::throttle, 1s, "too many requests at once"},
    code_row{"AuthFailure.SignatureExpire", meaning::clock, 0s,
             "the clock of this machine is wrong"},
    code_row{"AuthFailure.", meaning::config, 0s, "login refused: see secret_id and secret_key"},
    code_row{"UnauthorizedOperation.", meaning::config, 0s, "the key has no right to send texts"},
    code_row{"FailedOperation.InsufficientBalanceInSmsPackage", meaning::config, 0s,
             "no credit left"},
    code_row{"FailedOperation.SignatureIncorrectOrUnapproved", meaning::config, 0s,
             "sign_name is not approved"},
    code_row{"FailedOperation.MissingSignature", meaning::config, 0s, "sign_name is missing"},
    code_row{"FailedOperation.TemplateIncorrectOrUnapproved", meaning::permanent, 0s,
             "the template is not approved"},
    code_row{"FailedOperation.TemplateParamSetNotMatchApprovedTemplate", meaning::permanent, 0s,
             "the gaps are not those of the template: it differs from what `templates` says"},
    code_row{"FailedOperation.PhoneNumberInBlacklist", meaning::permanent, 0s,
             "the recipient has opted out"},
    code_row{"FailedOperation.ContainSensitiveWord", meaning::permanent, 0s,
             "a word that is not allowed"},
    code_row{"InvalidParameter", meaning::permanent, 0s, "a parameter is not valid"},
    code_row{"MissingParameter", meaning::permanent, 0s, "a parameter is missing"},
    code_row{"UnsupportedOperation.", meaning::permanent, 0s, "phones that do not go together"},
    code_row{"InternalError", meaning::transient, 0s, "an error of Tencent's own"},
    code_row{"FailedOperation", meaning::transient, 0s, "it failed at Tencent"},
};

const code_row* row_of(std::string_view code) {
    const auto found =
        std::ranges::find_if(codes, [&](const code_row& r) { return code.starts_with(r.begins); });
    return found == codes.end() ? nullptr : &*found;
}

sdk::http_reading reading_of(const std::string& code) {
    const auto* known = row_of(code);
    if (known == nullptr)
        return {.what = meaning::permanent, .code = code};
    return {.what = known->what, .code = code, .after = known->after};
}

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

std::string digits_of(std::string number) {
    if (number.starts_with('+'))
        number.erase(0, 1);
    return number;
}

void read_one(const json::value& v, sdk::http_callback& to) {
    const auto at = [&](std::string_view name) { return sdk::text_at(v, name); };
    const auto phone = digits_of(at("/nationcode")) + at("/mobile");
    if (const auto sid = at("/sid"); !sid.empty()) {
        const auto status = at("/report_status");
        const bool well = status == "SUCCESS" || (status.empty() && at("/result") == "0");
        sdk::receipt r;
        r.ref = sid;
        r.state = well ? sdk::receipt_state::delivered : sdk::receipt_state::undelivered;
        r.code = at("/errmsg");
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
    std::vector<sdk::http_reading> out;
    if (all == nullptr) {
        out.assign(texts.size(), sdk::by_status(r));
        return out;
    }
    if (const auto code = sdk::text_at(*all, "/Error/Code"); !code.empty()) {
        auto said = reading_of(code);
        const bool of_one = said.what == meaning::permanent || said.what == meaning::transient;
        if (texts.size() > 1 && of_one)
            said.what = meaning::apart;
        out.assign(texts.size(), said);
        return out;
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto* one = sdk::find_at(*all, "/SendStatusSet/" + std::to_string(i));
        if (one == nullptr || digits_of(sdk::text_at(*one, "/PhoneNumber")) != texts[i].recipient)
            out.push_back({.what = meaning::uncertain, .code = "no word of it in the answer"});
        else if (const auto code = sdk::text_at(*one, "/Code"); code != "Ok")
            out.push_back(reading_of(code));
        else if (auto id = sdk::text_at(*one, "/SerialNo"); id.empty())
            out.push_back({.what = meaning::uncertain, .code = "accepted without an id"});
        else
            out.push_back({.what = meaning::accepted, .ref = std::move(id)});
    }
    return out;
}

sdk::http_callback read_call(const account_data& a, const sdk::call& c) {
    if (!sdk::http_callback::at_secret_path(c, a.callback_secret))
        return sdk::http_callback::stranger();
    sdk::http_callback out;
    out.answer = {200, "application/json", R"({"result":0,"errmsg":"OK"})"};
    const auto body = sdk::read_json(c.body);
    if (!body)
        out.answer = {400, "application/json", R"({"result":1,"errmsg":"no JSON"})"};
    else if (body->is_array())
        for (const auto& one : body->get_array())
            read_one(one, out);
    else
        read_one(*body, out);
    return out;
}

std::string plain_words(std::string_view code) {
    const auto* known = row_of(code);
    return known == nullptr ? std::string() : std::string(known->words);
}

} // namespace posthorn::tencent

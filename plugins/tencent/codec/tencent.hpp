// Tencent Cloud SMS, 2021-01-11, signed with TC3-HMAC-SHA256.
//
//     submit   POST /  JSON, X-TC-Action: SendSms    200 {"Response": {"SendStatusSet": [...]}}
//     report   POST our callback  JSON list          sid, report_status, errmsg
//     text     POST our callback  JSON object        mobile, nationcode, text
//
// There is no free text: the template that the text fits, and what stands in its gaps, is what goes;
// to many phones at once where all of that is the same. Pure.
#pragma once

#include "sdk/http/account.hpp"
#include "sdk/http/approved_template.hpp"

#include <span>
#include <string>

namespace posthorn::tencent {

struct account_data {
    std::string url; // https://sms.tencentcloudapi.com/
    std::string region;
    std::string secret_id, secret_key, token;
    std::string app_id, sign_name, extend_code, sender_id;
    std::string callback_secret;
    sdk::approved_templates templates;
};

// Of one request: what the scheme signs.
struct signed_request {
    std::string service;       // sms
    sdk::http_headers headers; // of the signature, by name, names and actions in lower case
    std::string body;
    sdk::instant at{};
};
std::string canonical_of(const signed_request& r);
std::string authorization_of(const std::string& secret_id, const std::string& secret_key,
                             const signed_request& r);

sdk::http_request request_for(const account_data& a, std::span<const sdk::http_text> texts,
                              const sdk::moment& at);
std::vector<sdk::http_reading> read_response(std::span<const sdk::http_text> texts,
                                             const sdk::http_response& r);
sdk::http_callback read_call(const account_data& a, const sdk::call& c);

std::string plain_words(std::string_view code);

} // namespace posthorn::tencent

// Aliyun SMS, dysmsapi 2017-05-25, signed with ACS3-HMAC-SHA256.
//
//     submit   POST /  form, x-acs-action: SendSms | SendBatchSms    200 {"Code": "OK", "BizId": ...}
//     report   POST our callback  JSON list    biz_id, phone_number, success, err_code
//     text     POST our callback  JSON list    phone_number, content, dest_code
//
// There is no free text: the template that the text fits, and what stands in its gaps, is what goes.
// One BizId is for all texts of a request, so a text's ref is BizId and phone. Pure.
#pragma once

#include "sdk/http/account.hpp"
#include "sdk/http/approved_template.hpp"
#include "sdk/http/escape.hpp"

#include <span>
#include <string>

namespace posthorn::aliyun {

struct account_data {
    std::string url; // https://dysmsapi.aliyuncs.com/
    std::string key_id, key_secret, security_token;
    std::string sign_name, extend_code;
    std::string callback_secret;
    sdk::approved_templates templates;
};

// What is signed is what goes: the form is the body. `host`: of the URL.
struct signed_request {
    std::string host, path = "/";
    sdk::form_fields query;
    sdk::http_headers headers; // of the signature, names in lower case
    std::string body;
};
std::string canonical_of(const signed_request& r, const std::string& method);
std::string authorization_of(const std::string& key_id, const std::string& key_secret,
                             const signed_request& r, const std::string& method);

sdk::http_request request_for(const account_data& a, std::span<const sdk::http_text> texts,
                              const sdk::moment& at);
std::vector<sdk::http_reading> read_response(std::span<const sdk::http_text> texts,
                                             const sdk::http_response& r);
sdk::http_request inquiry_for(const account_data& a, const sdk::accepted_part& p,
                              const sdk::moment& at);
sdk::inquiry read_inquiry(const sdk::http_response& r);
sdk::http_callback read_call(const account_data& a, const sdk::call& c);

std::string plain_words(std::string_view code);

} // namespace posthorn::aliyun

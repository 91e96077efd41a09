// Twilio Programmable Messaging, 2010-04-01.          https://www.twilio.com/docs/messaging/api
//
//     submit   POST /2010-04-01/Accounts/AC.../Messages.json  form    201 {"sid": "SM..."}
//     report   POST our StatusCallback                        form    MessageSid, MessageStatus
//     text     POST our callback                              form    MessageSid, From, To, Body
//
// Its calls are signed with X-Twilio-Signature. Pure.
#pragma once

#include "sdk/http/account.hpp"
#include "sdk/http/escape.hpp"

#include <string>

namespace posthorn::twilio {

struct account_data {
    std::string url; // of the API, without a slash at the end
    std::string account_sid;
    std::string key_sid, key_secret; // empty: the account's own
    std::string auth_token;
    std::string sender, messaging_service;
    std::string callback_url;
};

sdk::http_request request_for(const account_data& a, const sdk::http_text& t);
sdk::http_request inquiry_for(const account_data& a, const std::string& sid);
sdk::http_reading read_response(const sdk::http_response& r);
sdk::inquiry read_inquiry(const sdk::http_response& r);
sdk::http_callback read_call(const account_data& a, const sdk::call& c);

// base64(HMAC-SHA1(token, url and each field by name)); of a JSON body the URL alone counts, which
// has its digest.
std::string signature_of(const std::string& token, std::string url, sdk::form_fields fields);

std::string plain_words(std::string_view code);

} // namespace posthorn::twilio

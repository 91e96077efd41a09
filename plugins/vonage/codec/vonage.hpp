// Vonage (Nexmo) SMS API.                             https://developer.vonage.com/en/api/sms
//
//     submit   POST /sms/json  form    200 {"messages": [{"status": "0", "message-id": "..."}, ...]}
//     report   GET or POST our callback   messageId, status, err-code
//     text     GET or POST our callback   msisdn, to, text
//
// One entry of `messages` for each part; the id of the first is that of the text. With a signature
// secret requests and calls are signed; without one calls come to a secret path. Pure.
#pragma once

#include "sdk/http/account.hpp"
#include "sdk/http/escape.hpp"

#include <string>

namespace posthorn::vonage {

enum class signing : std::uint8_t { md5hash, md5, sha1, sha256, sha512 };

struct account_data {
    std::string url; // of the API, without a slash at the end
    std::string api_key, api_secret;
    std::string signature_secret; // empty: nothing is signed
    signing method = signing::sha256;
    std::string callback_url, callback_secret;
    std::string entity_id, content_id; // India
};

sdk::http_request request_for(const account_data& a, const sdk::http_text& t,
                              const sdk::moment& at);
sdk::http_reading read_response(const sdk::http_response& r);
sdk::http_callback read_call(const account_data& a, const sdk::call& c, const sdk::moment& at);

// Hex. Of all fields but `sig`, by name.
std::string signature_of(signing method, const std::string& secret, sdk::form_fields fields);

std::string plain_words(std::string_view code);

} // namespace posthorn::vonage

// What a callback says, and how it is signed (Standard Webhooks):
//
//     webhook-id         the same for every try of the same version of a result, or of the same text
//     webhook-timestamp  seconds, of this try
//     webhook-signature  v1,base64(HMAC-SHA256(secret, id.timestamp.body))
#pragma once

#include "store/results.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace posthorn::feedback {

struct callback_request {
    std::string id;
    std::vector<std::string> headers; // "name: value"
    std::string body;
};

// Pure. `secret`: its octets.
callback_request make_callback(const store::result_row& row, std::string_view source,
                               std::string_view secret, instant now);
callback_request make_callback(const store::inbox_row& row, std::string_view source,
                               std::string_view secret, instant now);

} // namespace posthorn::feedback

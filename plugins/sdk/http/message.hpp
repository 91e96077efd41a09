// A request to a carrier, and its response. Data only.
#pragma once

#include "sdk/fields.hpp"
#include "sdk/unit.hpp"

#include <string>

namespace posthorn::sdk {

using http_headers = field_list;

struct http_request {
    std::string method = "POST";
    std::string url;
    http_headers headers; // also Content-Type: nothing is added but what HTTP itself needs
    std::string body;
};

struct http_response {
    unsigned status = 0;
    http_headers headers; // names in lower case
    std::string body;
};

// What a signature needs and nobody may ask the system for.
struct moment {
    instant now{};
    std::string nonce; // 32 hex digits, never the same twice
};

} // namespace posthorn::sdk

// Calls of a carrier that signs nothing: JSON at a secret path, of one receipt or text, or a list.
#pragma once

#include "sdk/http/account.hpp"

#include <boost/json/value.hpp>

#include <string_view>

namespace posthorn::sdk {

// Our answers, in JSON: with status 200, and with 400.
struct json_answers {
    std::string_view taken, no_json;
};

http_callback read_json_call(const call& c, std::string_view secret, const json_answers& say,
                             void (*read_one)(const boost::json::value&, http_callback& to));

// Where a carrier says whether a text has arrived, and `stat` is the operator's word of why not.
receipt_state state_told(bool arrived, std::string_view stat);

} // namespace posthorn::sdk

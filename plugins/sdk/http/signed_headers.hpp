// Headers as signatures of clouds have them: "name:value" lines, then the names. Pure.
#pragma once

#include "sdk/http/message.hpp"

#include <string>

namespace posthorn::sdk {

// "a;b;c"; as they are: in order and in lower case, where the scheme wants that.
std::string names_of(const http_headers& headers);
// "a:1\nb:2\n\na;b"
std::string lines_and_names_of(const http_headers& headers);

} // namespace posthorn::sdk

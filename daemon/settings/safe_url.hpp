// Where secrets and people's data may be sent.
#pragma once

#include <string_view>

namespace posthorn::settings {

// TLS, but for what never leaves this machine.
bool is_safe_url(std::string_view url);

inline constexpr const char* safe_url_wanted =
    "must begin with https:// (http:// only to 127.0.0.1 or [::1])";

} // namespace posthorn::settings

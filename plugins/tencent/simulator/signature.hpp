// Whether a request is signed as TC3-HMAC-SHA256 wants it.
#pragma once

#include "sdk/simulator/http/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::tencent::simulator {

struct api_key {
    std::string id, secret; // empty: any id; no signature is checked
};

/// What is wrong, as Tencent's code; empty: nothing. `service`: sms. `now_us`: since 1970 UTC.
std::string_view problem_with_signature(const posthorn::simulator::http::message& asked,
                                        std::string_view service, const api_key& key,
                                        std::int64_t now_us);

} // namespace posthorn::tencent::simulator

// Whether a request is signed as ACS3-HMAC-SHA256 wants it.
#pragma once

#include "sdk/simulator/http/claim.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

namespace posthorn::aliyun::simulator {

struct access_key {
    std::string id, secret; // empty: any id; no signature is checked
};

/// What is wrong, as Aliyun's code; empty: nothing. `now_us`: since 1970 UTC.
std::string_view problem_with_signature(const posthorn::simulator::http::message& asked,
                                        const access_key& key, std::int64_t now_us);

/// Those of the last quarter of an hour, at least.
class nonces {
public:
    /// False: it was there before.
    bool add(std::string_view nonce, std::int64_t now_us);

private:
    std::unordered_set<std::string> new_, old_;
    std::int64_t since_us_ = 0; // of new_
};

} // namespace posthorn::aliyun::simulator

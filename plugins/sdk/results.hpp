// What a carrier's answer asks of the sender, and what it means in words. Vendors give codes meanings
// of their own: an account may override any.
#pragma once

#include <cstdint>
#include <string_view>

namespace posthorn::sdk {

enum class result_class : std::uint8_t {
    ok,
    permanent, ///< this message will never pass
    transient, ///< retry later
    throttle,  ///< too fast: slow down and retry, not counted as an attempt
    config,    ///< every message will fail the same way until somebody changes a setting
};

struct meaning {
    result_class kind = result_class::permanent;
    std::string_view words; // empty: not of the specification
};

} // namespace posthorn::sdk

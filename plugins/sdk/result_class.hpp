// What a carrier's answer to a submit asks of us. Its codes are the protocol's; vendors give them
// meanings of their own, so an account may override any.
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

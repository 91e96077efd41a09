// What a gateway's answers mean: Result of SUBMIT_RESP, Status of CONNECT_RESP (CMPP 3.0, 7.4.3.2 and
// 7.4.1.2). From 9 on vendors give them meanings of their own: an account may override any.
#pragma once

#include <cstdint>
#include <string_view>

namespace posthorn::cmpp {

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

meaning of_submit(std::uint32_t result) noexcept;
meaning of_connect(std::uint32_t status) noexcept;

} // namespace posthorn::cmpp

// What a gateway's answers mean: Result of SUBMIT_RESP, Status of CONNECT_RESP (CMPP 3.0, 7.4.3.2 and
// 7.4.1.2). From 9 on vendors give them meanings of their own: an account may override any.
#pragma once

#include "sdk/result_class.hpp"

namespace posthorn::cmpp {

using sdk::meaning;
using sdk::result_class;

meaning of_submit(std::uint32_t result) noexcept;
meaning of_connect(std::uint32_t status) noexcept;

} // namespace posthorn::cmpp

// What Result of an answer (0 to 20) and ErrorCode of a REPORT (21 to 33) mean: SGIP 1.2, appendix.
// Vendors use other numbers too: an account may override any.
#pragma once

#include "sdk/result_class.hpp"

namespace posthorn::sgip {

using sdk::meaning;
using sdk::result_class;

/// The results that our own code names.
constexpr std::uint8_t illegal_login = 1, login_type_error = 4, format_error = 5, node_busy = 11;

/// As the answer to a SUBMIT, or the error of a REPORT.
meaning of_submit(std::uint8_t code) noexcept;
/// As the answer to a BIND.
meaning of_bind(std::uint8_t code) noexcept;

} // namespace posthorn::sgip

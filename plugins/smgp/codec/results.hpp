// What the Status of a gateway's answer means (SMGP 3.0.3, appendix): one list for all answers.
// Vendors have codes of their own: an account may override any.
#pragma once

#include "sdk/result_class.hpp"

namespace posthorn::smgp {

using sdk::meaning;
using sdk::result_class;

/// What is not of the specification is permanent.
meaning of_status(std::uint32_t status) noexcept;

/// A status that holds until a time of day in China: that the account may send again (74), or midnight
/// (75). Asking every second does not help.
constexpr bool is_of_the_calendar(std::uint32_t status) noexcept {
    return status == 74 || status == 75;
}

} // namespace posthorn::smgp

// Who pays how much for a text, in the words of the carrier's contract: the fields of a SUBMIT about
// it. An account has them for all texts, and may say otherwise for some types (sdk/by_type.hpp).
#pragma once

#include "sdk/by_type.hpp"

#include <span>
#include <string>
#include <string_view>

namespace posthorn::sgip {

struct charging {
    std::string service_type, fee_type, fee_value, given_value, agent_flag, morelate_to_mt;
    std::string charge_number; // empty: we pay; "recipient", or a number

    std::string_view payer(std::string_view recipient) const;
};

extern const std::span<const sdk::field_by_type<charging>> charging_fields;

/// What is wrong with an entry of by_type, or "".
std::string wrong_charging(std::string_view pattern, std::string_view text);

/// Of a field of one digit: its octet in a SUBMIT.
std::uint8_t octet_of(std::string_view digit);

} // namespace posthorn::sgip

// command_status: what a response says about its request (SMPP 3.4 section 5.1.3, 5.0
// section 4.7.6).
#pragma once

#include "sdk/result_class.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::smpp {

/// The codes our own code names. Any other 32-bit value may arrive and is kept as it is.
enum class status : std::uint32_t {
    ok = 0x000,
    invalid_message_length = 0x001,
    invalid_command_length = 0x002,
    invalid_command_id = 0x003,
    wrong_bind_state = 0x004,
    already_bound = 0x005,
    system_error = 0x008,
    invalid_source = 0x00A,
    invalid_destination = 0x00B,
    invalid_message_id = 0x00C,
    bind_failed = 0x00D,
    invalid_password = 0x00E,
    invalid_system_id = 0x00F,
    cancel_failed = 0x011,
    replace_failed = 0x013,
    queue_full = 0x014,
    invalid_number_of_destinations = 0x033,
    invalid_destination_flag = 0x040,
    invalid_esm_class = 0x043,
    submit_failed = 0x045,
    invalid_system_type = 0x053,
    throttled = 0x058,
    temporary_receiver_error = 0x064,
    permanent_receiver_error = 0x065,
    rejected_by_receiver = 0x066,
    query_failed = 0x067,
    broken_tlvs = 0x0C0,
    tlv_not_allowed = 0x0C1,
    invalid_tlv_length = 0x0C2,
    invalid_tlv_value = 0x0C4,
    delivery_failure = 0x0FE,
    unknown_error = 0x0FF,
};

/// What a status asks of the sender. Vendors reuse codes freely: an account may override it.
using status_class = sdk::result_class;
using sdk::name;

/// `ESME_RTHROTTLED`, or empty for a code the specification does not name.
std::string_view name(status code) noexcept;
/// `throttled`: the meaning in words, or empty.
std::string_view meaning(status code) noexcept;
/// Unknown and vendor codes are permanent (the caller may retry them once).
status_class classify(status code) noexcept;
/// Whether the specification names the code.
bool is_known(status code) noexcept;
/// A status as people write it: `0x58`, `88` or `ESME_RTHROTTLED`; nothing for anything else.
std::optional<status> status_of(std::string_view text) noexcept;
/// Whether the code is in the vendor block 0x400..0x4FF.
bool is_vendor(status code) noexcept;
/// `ESME_RTHROTTLED (0x58)` or `0x412`: for logs and error texts.
std::string describe(status code);

} // namespace posthorn::smpp

// What mail servers write back about a letter: a delivery status notification (RFC 3464).
//
//     multipart/report; report-type=delivery-status
//       text/plain                       for people
//       message/delivery-status          Action: failed, Status: 5.1.1, Diagnostic-Code ...
//       message/rfc822 or text/rfc822-headers        the letter, with its Message-ID
#pragma once

#include "sdk/unit.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace posthorn::email {

struct bounce {
    std::string ref; // the letter's Message-ID, without brackets
    sdk::receipt_state state = sdk::receipt_state::enroute;
    std::string code;      // "5.1.1 smtp; 550 5.1.1 ... User unknown", printable, on one line
    std::string recipient; // the address
};

// Of any octets. Nothing: it is no such notification, or does not say of which letter.
std::optional<bounce> read_bounce(std::string_view mail);

} // namespace posthorn::email

// A TLV as an account's file writes it, `TAG: TYPE VALUE`. Pure.
//
//     0x1400: text 1201159134567890123     the characters, without a NUL
//     0x1401: u16 513                      u8, u16 and u32 are decimal
//     0x1402: hex DEAD BEEF                octets
#pragma once

#include <string>
#include <string_view>

namespace posthorn::smpp {

// What is wrong with it, or "". Tags that the adapter sets itself are refused.
std::string wrong_tlv(std::string_view tag, std::string_view text);

// Appends it in wire form; it must not be wrong.
void append_configured_tlv(std::string& out, std::string_view tag, std::string_view text);

} // namespace posthorn::smpp

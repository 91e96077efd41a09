// The GSM 7-bit alphabet (3GPP TS 23.038 6.2.1) with the national tables of A.2 and A.3 that are
// in use: Turkish, Spanish, Portuguese. A character is one septet, or ESC (0x1B) and a second one.
//
//   unpacked   one septet per octet, as in SMPP          1B 65        euro sign
//   packed     little-endian bit stream, as in a PDU     9B 32
#pragma once

#include "encoding/utf8.hpp"
#include "sdk/gsm7_tables.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::encoding {

using sdk::gsm_escape;
using sdk::locking_shift;
using sdk::single_shift;
using alphabet = sdk::gsm_alphabet; ///< the two tables in force for a text

/// What `code` costs in `tables`: 1 or 2 septets, 0 when it is not there.
int septets_of(char32_t code, alphabet tables = {}) noexcept;

/// Unpacked octets; nothing when the text is not UTF-8 or has a character that is not in `tables`.
std::optional<std::string> encode_gsm7(std::string_view utf8, alphabet tables = {});

/// UTF-8 of unpacked octets; nothing when an octet has its high bit set (then it is not GSM 7-bit).
/// A code absent after ESC shows the character of the locking table; ESC ESC, and ESC as the last
/// octet, show a space.
std::optional<std::string> decode_gsm7(std::string_view unpacked, alphabet tables = {});

/// Zero bits between a header of `udh_octets` and packed text, so that text starts on a septet.
constexpr unsigned fill_bits(std::size_t udh_octets) noexcept {
    return static_cast<unsigned>((7 - udh_octets * 8 % 7) % 7);
}

/// Packs one-septet-per-octet into the bit stream, after `fill` zero bits (0 to 6).
std::string pack_septets(std::string_view unpacked, unsigned fill = 0);

/// Takes `septets` septets out of the bit stream after `fill` bits; fewer when it ends before.
std::string unpack_septets(std::string_view packed, std::size_t septets, unsigned fill = 0);

} // namespace posthorn::encoding

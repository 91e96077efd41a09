// What a received text says, by the data_coding it came with (SMPP 3.4 5.2.19, 3GPP TS 23.038 4).
//
//   00 10 11 C0-DF F0-F3   GSM 7-bit unpacked        03   Latin-1
//   08 18 19 E0-EF         UTF-16BE                  06   ISO-8859-5 (Cyrillic)
//   01                     ASCII                     07   ISO-8859-8 (Hebrew)
//   0F                     GBK (Chinese peers)       else octets that are not a text
#pragma once

#include "encoding/gsm7.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace posthorn::encoding {

/// UTF-8 of octets without their UDH; nothing when they are binary.
/// Lossy: something became U+FFFD, an odd last octet was dropped, or octets announced as GSM 7-bit
/// were not and are shown as Latin-1. `tables` as told by the header.
std::optional<decoded_text> decode_text(std::string_view octets, std::uint8_t data_coding,
                                        alphabet tables = {});

} // namespace posthorn::encoding

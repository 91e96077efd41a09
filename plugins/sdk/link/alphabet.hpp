// What a carrier takes and sends under data_coding 0: GSM 03.38 (one septet per octet) unless its
// operator has it otherwise. Texts come to an adapter in GSM 03.38.
#pragma once

#include "sdk/adapter.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::sdk {

/// GSM septets in another alphabet; nothing when it lacks one of the characters (Latin-1 has no
/// Greek letter and no euro sign).
std::optional<std::string> from_gsm(std::string_view septets, alphabet to);

/// GSM septets as UTF-16BE.
std::string gsm_to_utf16(std::string_view septets);

/// UTF-8 of Latin-1 or ASCII; in ASCII too, an octet above 0x7F is taken for Latin-1.
std::string latin1_to_utf8(std::string_view octets);

} // namespace posthorn::sdk

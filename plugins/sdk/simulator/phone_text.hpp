// A text as a phone would send it: letters to octets, and into parts when it is long.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::simulator {

/// What data_coding 0 means between carrier and client. utf8: any text, and whole.
enum class letters : std::uint8_t { gsm, ascii, utf8 };

struct phone_text {
    std::uint8_t data_coding = 0;   // 0 letters, 8 UCS-2
    bool header = false;            // the parts begin with a user data header
    std::vector<std::string> parts; // octets of short_message
};

/// Plain letters go out as such (160, or parts of 153), all else as UCS-2 (70, or parts of 67).
/// `reference` tells the parts of one text from another's. Nothing when `utf8` is not UTF-8
/// or longer than 255 parts.
std::optional<phone_text> write_on_phone(std::string_view utf8, letters alphabet,
                                         std::uint8_t reference);

} // namespace posthorn::simulator

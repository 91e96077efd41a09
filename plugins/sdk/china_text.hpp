// How the carriers of China write a text: CMPP's Msg_Fmt, SGIP's MessageCoding, SMGP's MsgFormat.
#pragma once

#include "sdk/text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace posthorn::sdk {

struct china_text {
    static constexpr std::uint8_t ascii = 0, binary = 4, ucs2 = 8, gbk = 15;

    std::uint8_t format = ucs2;
    std::string octets; // with the header where the unit has one
};

namespace text {

inline bool fits(const china_text& written) {
    return written.format == china_text::ascii || written.octets.size() <= air_octets;
}

} // namespace text

/// ASCII where the unit is of septets that all are; else GBK where `gbk`, and where it has all the
/// characters and there is room for them; else UCS-2. A part of UCS-2 stays so though it be ASCII
/// by chance: its text's other parts are not.
inline china_text china_text_of(const unit& u, bool gbk) {
    const auto header = recoded_header(u);
    if (u.coding == coding::gsm7 || !u.udh)
        if (auto ascii = ascii_of(u))
            return {china_text::ascii, header + *ascii};
    if (gbk)
        if (auto octets = gbk_of(u))
            if (china_text written{china_text::gbk, header + *octets}; text::fits(written))
                return written;
    return {china_text::ucs2, header + ucs2_of(u)};
}

/// What the daemon calls a text that came in this format (sdk::inbound). Its GSM 7-bit is 0, ASCII 1.
constexpr std::uint8_t data_coding_of(std::uint8_t format) noexcept {
    return format == china_text::ascii ? 1 : format;
}

} // namespace posthorn::sdk

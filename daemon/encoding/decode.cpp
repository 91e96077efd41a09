#include "encoding/decode.hpp"

#include "encoding/gbk.hpp"

#include <string>
#include <utility>

namespace posthorn::encoding {

namespace {

enum class charset { binary, gsm7, ascii, latin1, cyrillic, hebrew, utf16, gbk };

/// Codes below 0x10 are SMPP's own, those above are 23.038's groups.
charset charset_of(std::uint8_t data_coding) {
    constexpr charset smpp[16] = {
        charset::gsm7,   charset::ascii,  charset::binary,   charset::latin1,
        charset::binary, charset::binary, charset::cyrillic, charset::hebrew,
        charset::utf16,  charset::binary, charset::binary,   charset::binary,
        charset::binary, charset::binary, charset::binary,   charset::gbk};
    // Bits 3-2 of the general groups; the fourth is reserved.
    constexpr charset general[4] = {charset::gsm7, charset::binary, charset::utf16,
                                    charset::binary};
    if (data_coding < 0x10)
        return smpp[data_coding];
    if (data_coding < 0x80) {
        const bool compressed = (data_coding & 0x20) != 0;
        return compressed ? charset::binary : general[data_coding >> 2 & 3];
    }
    if (data_coding < 0xC0)
        return charset::binary; // reserved
    if (data_coding < 0xE0)
        return charset::gsm7; // message waiting, discard or store
    if (data_coding < 0xF0)
        return charset::utf16; // message waiting, store
    return (data_coding & 4) != 0 ? charset::binary : charset::gsm7;
}

char32_t ascii_char(unsigned char octet) { return octet < 0x80 ? octet : replacement; }

char32_t latin1_char(unsigned char octet) { return octet; }

char32_t cyrillic_char(unsigned char octet) {
    switch (octet) {
    case 0xAD:
        return 0xAD;
    case 0xF0:
        return 0x2116; // numero sign
    case 0xFD:
        return 0xA7;
    default:
        return octet <= 0xA0 ? octet : 0x360U + octet;
    }
}

char32_t hebrew_char(unsigned char octet) {
    switch (octet) {
    case 0xAA:
        return 0xD7;
    case 0xBA:
        return 0xF7;
    case 0xDF:
        return 0x2017;
    case 0xFD:
        return 0x200E;
    case 0xFE:
        return 0x200F;
    default:
        break;
    }
    if (octet >= 0xE0 && octet <= 0xFA)
        return 0x4F0U + octet;
    return octet <= 0xBE && octet != 0xA1 ? octet : replacement;
}

decoded_text decode_octets(std::string_view octets, char32_t (*char_of)(unsigned char)) {
    decoded_text out;
    out.text.reserve(octets.size());
    for (const char octet : octets) {
        const char32_t c = char_of(static_cast<unsigned char>(octet));
        out.lossy = out.lossy || c == replacement;
        append_utf8(out.text, c);
    }
    return out;
}

decoded_text decode_default(std::string_view octets, alphabet tables) {
    if (auto text = decode_gsm7(octets, tables))
        return {std::move(*text), false};
    auto out = decode_octets(octets, latin1_char);
    out.lossy = true;
    return out;
}

decoded_text decode_utf16(std::string_view octets) {
    // U+FFFE is no character: who sends it first sends little endian.
    const bool swapped = octets.substr(0, 2) == "\xFF\xFE";
    if (swapped || octets.substr(0, 2) == "\xFE\xFF")
        octets.remove_prefix(2);
    std::u16string units;
    units.reserve(octets.size() / 2);
    for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
        const auto a = static_cast<unsigned char>(octets[i]);
        const auto b = static_cast<unsigned char>(octets[i + 1]);
        units.push_back(static_cast<char16_t>(swapped ? b << 8 | a : a << 8 | b));
    }
    auto out = utf8_of(units);
    out.lossy = out.lossy || octets.size() % 2 != 0;
    return out;
}

} // namespace

std::optional<decoded_text> decode_text(std::string_view octets, std::uint8_t data_coding,
                                        alphabet tables) {
    switch (charset_of(data_coding)) {
    case charset::gsm7:
        return decode_default(octets, tables);
    case charset::ascii:
        return decode_octets(octets, ascii_char);
    case charset::latin1:
        return decode_octets(octets, latin1_char);
    case charset::cyrillic:
        return decode_octets(octets, cyrillic_char);
    case charset::hebrew:
        return decode_octets(octets, hebrew_char);
    case charset::utf16:
        return decode_utf16(octets);
    case charset::gbk:
        if (auto text = decode_gbk(octets))
            return decoded_text{std::move(*text), false};
        return std::nullopt;
    case charset::binary:
        break;
    }
    return std::nullopt;
}

} // namespace posthorn::encoding

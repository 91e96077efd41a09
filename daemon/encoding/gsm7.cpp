#include "encoding/gsm7.hpp"

#include "encoding/gsm7_tables.hpp"

namespace posthorn::encoding {

int septets_of(char32_t code, alphabet tables) noexcept { return table_of(tables).find(code) >> 8; }

std::optional<std::string> encode_gsm7(std::string_view utf8, alphabet tables) {
    const auto& table = table_of(tables);
    std::string out;
    out.reserve(utf8.size());
    for (std::size_t at = 0; at < utf8.size();) {
        const auto c = read_char(utf8, at);
        const auto found = c.octets == 0 ? 0U : table.find(c.code);
        if (found == 0)
            return std::nullopt;
        if (found >> 8 == 2)
            out.push_back(gsm_escape);
        out.push_back(static_cast<char>(found & 0x7F));
        at += c.octets;
    }
    return out;
}

std::optional<std::string> decode_gsm7(std::string_view unpacked, alphabet tables) {
    const auto& table = table_of(tables);
    std::string out;
    out.reserve(unpacked.size());
    for (std::size_t i = 0; i < unpacked.size(); ++i) {
        const auto octet = static_cast<unsigned char>(unpacked[i]);
        if (octet >= 0x80)
            return std::nullopt;
        if (octet != gsm_escape) {
            append_utf8(out, table.shown.locking[octet]);
            continue;
        }
        const auto code = i + 1 < unpacked.size() ? static_cast<unsigned char>(unpacked[i + 1])
                                                  : static_cast<unsigned char>(gsm_escape);
        if (code >= 0x80)
            return std::nullopt;
        ++i;
        // A second escape is kept for tables that do not exist yet: phones show a space.
        const char16_t shown =
            table.shown.single[code] != 0 ? table.shown.single[code] : table.shown.locking[code];
        append_utf8(out, code == gsm_escape ? U' ' : shown);
    }
    return out;
}

std::string pack_septets(std::string_view unpacked, unsigned fill) {
    std::string out;
    out.reserve((fill + unpacked.size() * 7 + 7) / 8);
    unsigned pending = 0; // bits not yet written, the oldest lowest
    unsigned count = fill;
    for (const char c : unpacked) {
        pending |= (static_cast<unsigned char>(c) & 0x7FU) << count;
        count += 7;
        if (count >= 8) {
            out.push_back(static_cast<char>(pending & 0xFF));
            pending >>= 8;
            count -= 8;
        }
    }
    if (count > 0 && !unpacked.empty())
        out.push_back(static_cast<char>(pending));
    return out;
}

std::string unpack_septets(std::string_view packed, std::size_t septets, unsigned fill) {
    std::string out;
    for (std::size_t i = 0, bit = fill; i < septets && bit + 7 <= packed.size() * 8;
         ++i, bit += 7) {
        const std::size_t octet = bit / 8;
        unsigned pair = static_cast<unsigned char>(packed[octet]);
        if (octet + 1 < packed.size())
            pair |= static_cast<unsigned>(static_cast<unsigned char>(packed[octet + 1])) << 8;
        out.push_back(static_cast<char>(pair >> bit % 8 & 0x7F));
    }
    return out;
}

} // namespace posthorn::encoding

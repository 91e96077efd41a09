// A text cut into parts. Joined again by what their headers say it is the same text, and every part
// fits on the air.
#include "fuzz/fuzz.hpp"

#include "encoding/decode.hpp"
#include "encoding/parts.hpp"
#include "encoding/udh.hpp"

#include <algorithm>

using namespace posthorn::encoding;
using posthorn::coding;
using posthorn::fuzz::require;

namespace {

constexpr std::size_t air_octets = 140;

split_options options_of(unsigned octet) {
    static constexpr alphabet languages[] = {{locking_shift::none, single_shift::turkish},
                                             {locking_shift::turkish, single_shift::turkish},
                                             {locking_shift::portuguese, single_shift::spanish}};
    constexpr std::string_view added[] = {"", "", "【明湖供电】", "[Minghu] "};
    return {.reference_bits = (octet & 1) != 0 ? 16 : 8,
            .reference = octet * 257,
            .max_parts = (octet & 2) != 0 ? 255U : 3U,
            .national = std::span(languages).first(octet >> 2 & 3),
            .gsm7_up_to = (octet & 16) != 0 ? 0x7FU : 0x10FFFFU,
            .carrier_adds = added[octet >> 5 & 3]};
}

// The first part has room for what the carrier puts before it.
bool leaves_room(const split_text& cut, const split_options& options) {
    std::size_t room = 0, added = 0;
    for (std::size_t at = 0; at < options.carrier_adds.size(); ++added)
        at += read_char(options.carrier_adds, at).octets;
    const bool alone = cut.parts.size() == 1, gsm7 = cut.code == coding::gsm7;
    const bool tables = gsm7 && read_header(cut.parts[0]).tables != alphabet{} && cut.udh;
    room = gsm7 ? (alone ? 160U : 153U) : (alone ? 70U : 67U);
    return tables || cut.units[0] + added <= room;
}

bool fits_the_air(const split_text& cut, std::string_view part, std::size_t header) {
    const auto text = part.size() - header;
    return cut.code == coding::gsm7 ? header + (text * 7 + fill_bits(header) + 7) / 8 <= air_octets
                                    : part.size() <= air_octets;
}

std::string joined(const split_text& cut, const split_options& options) {
    std::string octets;
    alphabet tables;
    unsigned number = 0;
    for (const auto& part : cut.parts) {
        ++number;
        const auto head = cut.udh ? read_header(part) : user_data_header{};
        require(!head.broken && !head.unknown_language, "our own header can be read");
        require(fits_the_air(cut, part, head.text_at), "a part fits on the air");
        if (cut.parts.size() > 1) {
            const auto mask = options.reference_bits == 16 ? 0xFFFFU : 0xFFU;
            const concat expected{options.reference & mask, static_cast<unsigned>(cut.parts.size()),
                                  number, options.reference_bits};
            require(head.part == expected, "a part says where it belongs");
        }
        tables = head.tables;
        octets += part.substr(head.text_at);
    }
    const auto text =
        cut.code == coding::gsm7
            ? decode_gsm7(octets, tables)
            : std::optional(decode_text("\xFE\xFF" + octets, 8).value_or(decoded_text()).text);
    require(text.has_value(), "our own octets can be read");
    return *text;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto text = posthorn::fuzz::octets_of(data, size);
    const auto options = options_of(posthorn::fuzz::take_octet(text));
    const auto expected = measure_text(text, options);
    ucs2_culprits(text);
    const auto cut = split(text, options);
    require((expected.parts == 0) == check_utf8(text).has_value(), "only UTF-8 has parts");
    require(cut.has_value() == (expected.parts > 0 && expected.parts <= options.max_parts),
            "a text is cut when it fits into max_parts");
    if (!cut) {
        require(!cut.error().empty(), "what is not cut is explained");
        return 0;
    }
    require(cut->code == expected.code && cut->parts.size() == expected.parts,
            "the measure is that of the parts");
    require(leaves_room(*cut, options), "what the carrier adds fits into the first part");
    require(joined(*cut, options) == text, "the parts together are the text");
    return 0;
}

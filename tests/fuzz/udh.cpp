// The user data header of a received text.
#include "fuzz/fuzz.hpp"

#include "encoding/decode.hpp"
#include "encoding/udh.hpp"

#include <initializer_list>

using namespace posthorn::encoding;
using posthorn::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto octets = posthorn::fuzz::octets_of(data, size);
    const auto header = read_header(octets);
    require(header.text_at <= octets.size(), "the text begins within the octets");
    require(!header.broken || !header.part, "what is broken belongs to no other part");
    if (header.part) {
        require(header.part->number >= 1 && header.part->number <= header.part->total &&
                    header.part->total <= 255,
                "a part has its place among at most 255");
        require(header.part->reference <= (header.part->reference_bits == 8 ? 0xFFU : 0xFFFFU),
                "a reference has its width");
    }
    const auto text = octets.substr(header.text_at);
    for (const auto coding : std::initializer_list<std::uint8_t>{0x00, 0x03, 0x08, 0x0F}) {
        const auto shown = decode_text(text, coding, header.tables);
        require(!shown || !check_utf8(shown->text), "a text from a phone is UTF-8");
    }
    return 0;
}

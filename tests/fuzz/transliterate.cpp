// A text said with the characters of GSM 7-bit: all of it, in fewer parts, or not at all.
#include "fuzz/fuzz.hpp"

#include "encoding/parts.hpp"
#include "encoding/transliterate.hpp"

using namespace posthorn::encoding;
using posthorn::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = posthorn::fuzz::octets_of(data, size);
    const auto before = measure_text(text);
    const auto plain = transliterated(text);
    if (!plain)
        return 0;
    const auto after = measure_text(*plain);
    require(before.parts > 1 && before.code == posthorn::coding::ucs2, "it cost more as it was");
    require(after.code == posthorn::coding::gsm7, "all of it is GSM 7-bit");
    require(after.parts > 0 && after.parts < before.parts, "a part is saved");
    require(!transliterated(*plain), "what was changed needs no more of it");
    return 0;
}

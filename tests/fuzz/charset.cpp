// Octets of files and phones as UTF-8: what comes out is UTF-8, whatever went in.
#include "fuzz/fuzz.hpp"

#include "encoding/decode.hpp"
#include "encoding/gbk.hpp"
#include "encoding/gsm7.hpp"
#include "encoding/plain_text.hpp"
#include "encoding/utf8.hpp"

using namespace posthorn::encoding;
using posthorn::fuzz::require;

namespace {

bool is_utf8(std::string_view text) { return !check_utf8(text); }

void check_files(std::string_view octets) {
    for (const auto* charset : {"utf-8", "GBK", "latin1"}) {
        const auto text = decode_charset(charset, octets);
        require(!text || is_utf8(*text), "a decoded file is UTF-8");
        require(text || text.error().offset < octets.size(), "a wrong octet has its place");
        require(text || !text.error().reason.empty(), "a wrong octet is explained");
    }
}

void check_unicode(std::string_view octets) {
    const std::string mended = repaired(std::string(octets));
    require(is_utf8(mended), "a repaired text is UTF-8");
    require(!is_utf8(octets) || mended == octets, "a good text needs no repair");
    require(count_chars(octets) == count_chars(mended), "an invalid octet counts as one");
    const auto plain = plain_text(octets);
    require(is_utf8(plain), "a plain text is UTF-8");
    require(plain_text(plain) == plain, "a plain text is plain");
    const auto wide = utf16_of(octets);
    require(wide.has_value() == is_utf8(octets), "UTF-16 is made of UTF-8 alone");
    if (wide)
        require(utf8_of(*wide).text == octets, "UTF-16 and back is the same");
}

void check_phones(std::string_view octets) {
    for (unsigned coding = 0; coding < 256; ++coding) {
        const auto text = decode_text(octets, static_cast<std::uint8_t>(coding));
        require(!text || is_utf8(text->text), "a text from a phone is UTF-8");
    }
}

void check_gsm7(std::string_view octets) {
    for (const auto tables : {alphabet{}, alphabet{locking_shift::turkish, single_shift::turkish},
                              alphabet{locking_shift::portuguese, single_shift::spanish}})
        if (const auto septets = encode_gsm7(octets, tables)) {
            require(decode_gsm7(*septets, tables) == octets, "GSM 7-bit and back is the same");
            for (unsigned fill = 0; fill < 7; ++fill)
                require(unpack_septets(pack_septets(*septets, fill), septets->size(), fill) ==
                            *septets,
                        "packed and unpacked is the same");
        }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto octets = posthorn::fuzz::octets_of(data, size);
    check_files(octets);
    check_unicode(octets);
    check_phones(octets);
    check_gsm7(octets);
    return 0;
}

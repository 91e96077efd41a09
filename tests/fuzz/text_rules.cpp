// A text as one account's carrier takes it: nothing that is forbidden leaves, nothing else is lost, and what
// cannot leave is explained.
#include "fuzz/fuzz.hpp"

#include "encoding/parts.hpp"
#include "encoding/text_rules.hpp"

using namespace posthorn::encoding;
using posthorn::fuzz::require;

namespace {

text_rules rules_of(unsigned octet) {
    text_rules out;
    out.cut_off = {"【明湖】", "【明湖供电】", "[Minghu] "};
    if ((octet & 1) != 0)
        out.carrier_adds = "【明湖供电公司】";
    if ((octet & 2) != 0)
        out.forbidden = U"★◆\\";
    if ((octet & 4) != 0)
        out.replaced = {{U'★', "*"}, {U'€', "EUR"}, {U'™', ""}};
    if ((octet & 8) != 0)
        out.national = tables_of(single_shift::turkish);
    if ((octet & 16) != 0)
        out.gsm7_up_to = 0x7F;
    return out;
}

bool has_any_of(std::string_view text, const std::u32string& characters) {
    for (std::size_t at = 0; at < text.size();) {
        const auto c = read_char(text, at);
        if (c.octets > 0 && characters.find(c.code) != std::u32string::npos)
            return true;
        at += c.octets > 0 ? c.octets : 1;
    }
    return false;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto text = posthorn::fuzz::octets_of(data, size);
    const auto rules = rules_of(posthorn::fuzz::take_octet(text));
    const auto made = text_by(rules, text);
    const auto cut = split_by(rules, text, {});
    if (!made) {
        require(has_any_of(text, rules.forbidden), "only what is forbidden is refused");
        require(!made.error().empty() && !cut && cut.error() == made.error(), "and explained");
        return 0;
    }
    require(!has_any_of(made->text, rules.forbidden), "nothing that is forbidden leaves");
    if (rules.carrier_adds.empty() && rules.replaced.empty())
        require(made->carrier_adds + made->text == text,
                "with what the carrier adds it is the text");
    if (!rules.carrier_adds.empty())
        require(made->carrier_adds == rules.carrier_adds, "the carrier adds what it always adds");
    if (!cut)
        return 0;
    require(!check_utf8(text).has_value(), "only UTF-8 has parts");
    require(cut->code == posthorn::coding::ucs2 || rules.gsm7_up_to > 0x7F || !cut->udh ||
                cut->parts.size() > 1,
            "what is recoded announces no tables");
    return 0;
}

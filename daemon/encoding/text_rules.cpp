#include "encoding/text_rules.hpp"

#include <algorithm>

namespace posthorn::encoding {

namespace {

std::string_view signature_of(std::string_view text, const std::vector<std::string>& known) {
    std::string_view longest;
    for (const auto& s : known)
        if (s.size() > longest.size() && text.starts_with(s))
            longest = s;
    return longest;
}

std::string with_replaced(std::string_view text, const text_rules& rules) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = read_char(text, at);
        const auto octets = std::max(c.octets, 1U);
        const auto found =
            std::ranges::find(rules.replaced, c.code, &std::pair<char32_t, std::string>::first);
        if (c.octets == 0 || found == rules.replaced.end())
            out.append(text, at, octets);
        else
            out += found->second;
        at += octets;
    }
    return out;
}

std::string forbidden_in(std::string_view text, const text_rules& rules) {
    for (std::size_t at = 0; at < text.size();) {
        const auto c = read_char(text, at);
        if (rules.forbidden.find(c.code) != std::u32string::npos)
            return "it has " + shown(c.code) + ", which the carrier does not take";
        at += std::max(c.octets, 1U);
    }
    return {};
}

} // namespace

boost::system::result<account_text, std::string> text_by(const text_rules& rules,
                                                         std::string_view utf8) {
    const auto signature = signature_of(utf8, rules.cut_off);
    account_text out{std::string(utf8.substr(signature.size())), rules.carrier_adds};
    if (out.carrier_adds.empty())
        out.carrier_adds = signature;
    // What is not UTF-8 could become so, as another text.
    if (!rules.replaced.empty() && !check_utf8(out.text))
        out.text = with_replaced(out.text, rules);
    if (auto trouble = forbidden_in(out.text, rules); !trouble.empty())
        return {boost::system::in_place_error, std::move(trouble)};
    return out;
}

boost::system::result<split_text, std::string>
split_by(const text_rules& rules, std::string_view utf8, split_options options) {
    const auto made = text_by(rules, utf8);
    if (!made)
        return made.error();
    options.national = rules.national;
    options.gsm7_up_to = rules.gsm7_up_to;
    options.carrier_adds = made->carrier_adds;
    return split(made->text, options);
}

std::vector<alphabet> tables_of(single_shift language) {
    std::vector<alphabet> out{{locking_shift::none, language}};
    const auto locking = language == single_shift::turkish      ? locking_shift::turkish
                         : language == single_shift::portuguese ? locking_shift::portuguese
                                                                : locking_shift::none;
    if (locking != locking_shift::none) {
        out.push_back({locking, single_shift::none});
        out.push_back({locking, language});
    }
    return out;
}

} // namespace posthorn::encoding

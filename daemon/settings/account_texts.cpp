#include "settings/account_texts.hpp"

#include <algorithm>

namespace posthorn::settings {

namespace {

constexpr std::size_t longest_addition = 60; // characters: a part must have room for more

constexpr std::array<std::string_view, 3> languages{"turkish", "spanish", "portuguese"};

// In the order of `languages`.
constexpr encoding::single_shift shifts[] = {encoding::single_shift::turkish,
                                             encoding::single_shift::spanish,
                                             encoding::single_shift::portuguese};

std::u32string characters_of(std::string_view text) {
    std::u32string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto c = encoding::read_char(text, at);
        out += c.code;
        at += std::max(c.octets, 1U);
    }
    return out;
}

void read_replaced(reader map, encoding::text_rules& rules) {
    for (const auto& key : map.keys()) {
        auto to = map.text_or_none(key);
        const auto from = characters_of(key);
        if (from.size() != 1)
            map.fail(key, "is no single character: each is replaced by itself");
        else if (characters_of(to).find_first_of(rules.forbidden) != std::u32string::npos)
            map.fail(key, "becomes one of forbidden_characters");
        else
            rules.replaced.emplace_back(from.front(), std::move(to));
    }
}

} // namespace

account_texts read_account_texts(reader& root) {
    account_texts out;
    auto& rules = out.rules;
    for (const auto at : root.choices<std::size_t>("national_tables", languages))
        std::ranges::copy(encoding::tables_of(shifts[at]), std::back_inserter(rules.national));
    out.signature = root.choice("signature", signed_by_names, signed_by::ours);
    rules.carrier_adds = root.text("carrier_adds", "");
    if (encoding::count_chars(rules.carrier_adds) > longest_addition)
        root.fail("carrier_adds", "is longer than " + std::to_string(longest_addition) +
                                      " characters: little of a part would be left");
    rules.forbidden = characters_of(root.text("forbidden_characters", ""));
    read_replaced(root.optional_map("replace_characters"), rules);
    return out;
}

} // namespace posthorn::settings

// Languages by their BCP 47 tags, and which of those there are serves a wanted one.
#pragma once

#include <algorithm>
#include <cassert>
#include <string_view>
#include <vector>

namespace posthorn::templates {

// "zh" of "zh-CN".
inline std::string_view base_of(std::string_view language) {
    return language.substr(0, language.find_first_of("-_"));
}

inline bool same_language(std::string_view a, std::string_view b) {
    const auto plain = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == '_' ? '-' : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return plain(x) == plain(y); });
}

// Of `all`, not empty and each with its `language`: the one in the wanted language, else in its base
// language (en for en-GB), else the first of the same base (zh-CN for zh-TW), else in the default.
template <class Worded>
const Worded& best_for(std::string_view wanted, const std::vector<Worded>& all,
                       std::string_view default_language) {
    assert(!all.empty());
    const auto base = base_of(wanted);
    const auto nearness = [&](std::string_view language) {
        if (same_language(language, wanted))
            return 4;
        if (same_language(language, base))
            return 3;
        if (same_language(base_of(language), base))
            return 2;
        return language == default_language ? 1 : 0;
    };
    return *std::ranges::max_element(all, {},
                                     [&](const Worded& w) { return nearness(w.language); });
}

} // namespace posthorn::templates

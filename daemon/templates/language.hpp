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

// Of `all`, not empty and each with its `language`: the one in the wanted language, else one of the
// same base language, else that in the default.
template <class Worded>
const Worded& best_for(std::string_view wanted, const std::vector<Worded>& all,
                       std::string_view default_language) {
    assert(!all.empty());
    const Worded* fallback = &all.front();
    const Worded* related = nullptr;
    for (const auto& one : all) {
        if (same_language(one.language, wanted))
            return one;
        if (related == nullptr && same_language(base_of(one.language), base_of(wanted)))
            related = &one;
        if (one.language == default_language)
            fallback = &one;
    }
    return related != nullptr ? *related : *fallback;
}

} // namespace posthorn::templates

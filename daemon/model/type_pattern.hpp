// Which types a word in a file means: "outage.planned" that one, "outage.*" all that begin so.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn {

constexpr bool takes_in(std::string_view pattern, std::string_view type) {
    if (!pattern.ends_with(".*"))
        return pattern == type;
    pattern.remove_suffix(1);
    return type.size() > pattern.size() && type.starts_with(pattern);
}

inline bool any_takes_in(const std::vector<std::string>& patterns, std::string_view type) {
    return std::ranges::any_of(patterns, [&](const auto& p) { return takes_in(p, type); });
}

} // namespace posthorn

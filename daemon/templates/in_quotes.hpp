// A value of the source as a refusal shows it: in quotes, short, and never cut inside a character.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace posthorn::templates {

inline std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest_shown = 40;
    if (text.size() <= longest_shown)
        return "'" + std::string(text) + "'";
    auto end = longest_shown;
    while (end > 0 && (text[end] & 0xC0) == 0x80)
        --end;
    return "'" + std::string(text.substr(0, end)) + "..'";
}

} // namespace posthorn::templates

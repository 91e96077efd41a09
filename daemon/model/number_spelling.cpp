#include "model/number_spelling.hpp"

#include <algorithm>

namespace posthorn {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool separates(char c) { return std::string_view(" .-()/").find(c) != std::string_view::npos; }

// From `at` on, where a digit stands.
bool begins(std::string_view text, std::size_t at, std::string_view digits) {
    for (std::size_t n = 0; n < digits.size(); ++n, ++at) {
        if (n > 0 && at < text.size() && separates(text[at]))
            ++at;
        if (at >= text.size() || text[at] != digits[n])
            return false;
    }
    return at >= text.size() || !is_digit(text[at]);
}

} // namespace

number_spellings::number_spellings(std::string_view number, const std::vector<country>& countries)
    : ways_{std::string(number), "00" + std::string(number)} {
    for (const auto& c : countries) {
        if (!number.starts_with(c.calling_code))
            continue;
        const std::string national(number.substr(c.calling_code.size()));
        ways_.push_back(national);
        if (!c.trunk_prefix.empty())
            ways_.push_back(c.trunk_prefix + national);
    }
}

bool number_spellings::in(std::string_view text) const {
    for (std::size_t at = 0; at < text.size(); ++at)
        if (is_digit(text[at]) && (at == 0 || !is_digit(text[at - 1])) &&
            std::ranges::any_of(ways_, [&](const auto& way) { return begins(text, at, way); }))
            return true;
    return false;
}

} // namespace posthorn

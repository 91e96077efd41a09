#include "model/number_spelling.hpp"

#include "model/address.hpp"

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

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_of_address(char c) {
    c = lower(c);
    return is_digit(c) || (c >= 'a' && c <= 'z') ||
           std::string_view("._%+-").find(c) != std::string_view::npos;
}

// In capitals or not; no part of a longer one.
bool names_address(std::string_view text, std::string_view address) {
    const auto same = [](char a, char b) { return lower(a) == lower(b); };
    for (auto rest = text;;) {
        const auto found = std::ranges::search(rest, address, same);
        if (found.empty())
            return false;
        const bool begins = found.begin() == text.begin() || !is_of_address(found.begin()[-1]);
        std::string_view after(found.end(), text.end());
        const auto dot_at_end =
            after.starts_with('.') && (after.size() == 1 || !is_of_address(after[1]));
        if (begins && (after.empty() || dot_at_end || !is_of_address(after.front())))
            return true;
        rest = std::string_view(found.begin() + 1, text.end());
    }
}

} // namespace

number_spellings::number_spellings(std::string_view number, const std::vector<country>& countries)
    : ways_{std::string(number), "00" + std::string(number)} {
    if (is_address(number)) {
        ways_.resize(1);
        return;
    }
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
    if (is_address(ways_.front()))
        return names_address(text, ways_.front());
    for (std::size_t at = 0; at < text.size(); ++at)
        if (is_digit(text[at]) && (at == 0 || !is_digit(text[at - 1])) &&
            std::ranges::any_of(ways_, [&](const auto& way) { return begins(text, at, way); }))
            return true;
    return false;
}

} // namespace posthorn

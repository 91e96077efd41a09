#include "email/codec/mail_fields.hpp"

#include <algorithm>

namespace posthorn::email {

namespace {

constexpr std::size_t most_fields = 1000, longest_printable = 300;

} // namespace

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) { return lower(c); });
    return out;
}

bool same(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, {}, [](char c) { return lower(c); }, [](char c) { return lower(c); });
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == text.npos)
        return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string_view take_line(std::string_view& rest) {
    auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

std::string bracketed(std::string_view text) {
    const auto begin = text.find('<');
    const auto end = text.find('>', begin == text.npos ? 0 : begin);
    return begin == text.npos || end == text.npos
               ? std::string()
               : std::string(text.substr(begin + 1, end - begin - 1));
}

std::string printable(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, longest_printable))
        out += c >= 0x20 && c <= 0x7E ? c : '?';
    return out;
}

fields::fields(std::string_view& rest) {
    while (!rest.empty() && all_.size() < most_fields) {
        const auto line = take_line(rest);
        if (line.empty())
            break;
        const auto colon = line.find(':');
        if ((line.front() == ' ' || line.front() == '\t') && !all_.empty())
            all_.back().second.append(" ").append(trimmed(line));
        else if (colon != line.npos)
            all_.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
    }
}

std::string_view fields::at(std::string_view name) const {
    for (const auto& [known, value] : all_)
        if (same(known, name))
            return value;
    return {};
}

} // namespace posthorn::email

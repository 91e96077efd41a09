// Normalising, then one comparison with each country's pattern.
#include "model/number.hpp"

#include <algorithm>
#include <optional>

namespace posthorn {

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// An octet of a UTF-8 character that is not its first.
bool follows(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// U+FF10..U+FF19 at the front.
bool full_width_digit(std::string_view text) {
    return text.size() >= 3 && text.starts_with("\xEF\xBC") &&
           static_cast<unsigned char>(text[2]) >= 0x90 &&
           static_cast<unsigned char>(text[2]) <= 0x99;
}

// Digits with a leading '+' where written; nullopt when something else is in it.
std::optional<std::string> bare(std::string_view written) {
    std::string out;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const char c = written[i];
        if (digit(c)) {
            out += c;
        } else if (c == '+' && out.empty()) {
            out += c;
        } else if (full_width_digit(written.substr(i))) {
            out += static_cast<char>('0' + (static_cast<unsigned char>(written[i + 2]) - 0x90));
            i += 2;
        } else if (c != ' ' && c != '-' && c != '.' && c != '(' && c != ')' && c != '\t') {
            return std::nullopt;
        }
    }
    return out;
}

bool fits(std::string_view digits, std::string_view pattern) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < pattern.size(); ++i, ++at) {
        if (at >= digits.size())
            return false;
        if (pattern[i] == '[') { // one range: [3-9]
            if (i + 4 >= pattern.size() || digits[at] < pattern[i + 1] ||
                digits[at] > pattern[i + 3])
                return false;
            i += 4;
        } else if (pattern[i] != 'x' && pattern[i] != digits[at]) {
            return false;
        }
    }
    return at == digits.size();
}

std::string countries_named(const std::vector<country>& countries) {
    std::string names;
    for (const auto& c : countries)
        names += (names.empty() ? "" : ", ") + c.name;
    return names.empty() ? "none is configured" : names;
}

constexpr std::size_t shown_digits = 3;

// But for the last `keep` characters.
std::string with_digits_masked(std::string_view number, std::size_t keep = shown_digits) {
    std::size_t left = 0; // characters, cut as below: the first octet begins one whatever it is
    for (std::size_t at = 0; at < number.size(); ++at)
        left += at > 0 && follows(number[at]) ? 0U : 1U;
    std::string out;
    for (std::size_t at = 0; at < number.size(); --left) {
        std::size_t end = at + 1;
        while (end < number.size() && follows(number[end]))
            ++end;
        const auto character = number.substr(at, end - at);
        const bool shows = left <= keep || !(digit(character[0]) || full_width_digit(character));
        out += shows ? character : "*";
        at = end;
    }
    return out;
}

} // namespace

result<std::string> to_e164(std::string_view written, const std::vector<country>& countries) {
    const auto cleaned = bare(written);
    if (!cleaned)
        return refuse("bad number: has characters that are neither digits nor separators");
    std::string_view digits = *cleaned;
    if (digits.empty() || digits == "+")
        return refuse("bad number: it is empty");

    const bool international = digits.front() == '+' || digits.starts_with("00");
    if (international)
        digits.remove_prefix(digits.front() == '+' ? 1 : 2);
    for (const auto& c : countries) {
        if (digits.starts_with(c.calling_code) &&
            fits(digits.substr(c.calling_code.size()), c.mobile))
            return std::string(digits);
        if (international && digits.starts_with(c.calling_code))
            return refuse("bad number: " + masked(digits) + " is not a mobile number of " + c.name);
    }
    if (international) {
        if (digits.size() >= 7 && digits.size() <= 15 && digits.front() != '0')
            return std::string(digits);
        return refuse("bad number: " + masked(digits) + " has " + std::to_string(digits.size()) +
                      " digits, E.164 allows 7 to 15");
    }
    for (const auto& c : countries) {
        auto national = digits;
        if (!c.trunk_prefix.empty() && national.starts_with(c.trunk_prefix))
            national.remove_prefix(c.trunk_prefix.size());
        if (fits(national, c.mobile))
            return c.calling_code + std::string(national);
    }
    return refuse("bad number: " + masked(digits) +
                  " is neither E.164 nor a mobile number of a configured country (" +
                  countries_named(countries) + ")");
}

std::uint64_t digits_of(std::string_view number) {
    constexpr std::size_t most = 15;
    std::uint64_t digits = 0;
    if (number.size() > most || number.starts_with('0'))
        return 0;
    for (const char c : number) {
        if (c < '0' || c > '9')
            return 0;
        digits = digits * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return digits;
}

std::string masked(std::string_view recipient) {
    const auto at = recipient.find('@');
    if (at == recipient.npos)
        return with_digits_masked(recipient);
    const auto before = recipient.substr(0, at).find_last_of(" /:,;<('\"");
    const auto begin = before == recipient.npos ? 0 : before + 1;
    auto out = with_digits_masked(recipient.substr(0, begin), 0);
    const auto local = recipient.substr(begin, at - begin);
    if (!local.empty())
        out += digit(local.front()) ? std::string(1, '*') : std::string(local.substr(0, 1));
    out.append(local.size() > 1 ? local.size() - 1 : 0, '*');
    const auto domain = recipient.substr(at);
    const bool many = std::ranges::count_if(domain, digit) > std::ptrdiff_t{shown_digits};
    return out += many ? with_digits_masked(domain) : std::string(domain);
}

} // namespace posthorn

#include "model/address.hpp"

#include "model/blank.hpp"
#include "model/number.hpp"

#include <algorithm>

namespace posthorn {

namespace {

constexpr std::size_t longest_local = 64, longest_domain = 253, longest_label = 63; // RFC 5321

bool alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= longest_label && label.front() != '-' &&
           label.back() != '-' &&
           std::ranges::all_of(label, [](char c) { return alphanumeric(c) || c == '-'; });
}

// Words with a dot between two of them.
template <class Fits>
bool dotted(std::string_view text, Fits fits) {
    while (true) {
        const auto word = text.substr(0, text.find('.'));
        if (!fits(word))
            return false;
        if (word.size() == text.size())
            return true;
        text.remove_prefix(word.size() + 1);
    }
}

bool is_atom(std::string_view word) {
    constexpr std::string_view others = "!#$%&'*+-/=?^_`{|}~";
    return !word.empty() && std::ranges::all_of(word, [&](char c) {
        return alphanumeric(c) || others.find(c) != others.npos;
    });
}

} // namespace

result<std::string> to_email(std::string_view written) {
    const auto text = trimmed(written);
    if (text.empty())
        return refuse("bad address: it is empty");
    if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) > 0x7E; }))
        return refuse(
            "bad address: has other than ASCII letters, which few servers take yet; write "
            "the domain as xn--..");
    if (std::ranges::count(text, '@') != 1)
        return refuse("bad address: " + masked(text) + " is not NAME@DOMAIN");
    const auto local = text.substr(0, text.find('@'));
    const auto domain = in_small_letters(text.substr(local.size() + 1));
    if (local.size() > longest_local || !dotted(local, is_atom))
        return refuse("bad address: what stands before the '@' of " + masked(text) +
                      " is no plain name of at most 64 letters");
    if (domain.size() > longest_domain || !dotted(domain, is_label))
        return refuse("bad address: what follows the '@' of " + masked(text) + " is no domain");
    return std::string(local) + '@' + domain;
}

bool same_mailbox(std::string_view a, std::string_view b) {
    return in_small_letters(a) == in_small_letters(b);
}

std::string in_small_letters(std::string_view address) {
    std::string out(address);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return out;
}

} // namespace posthorn

#include "email/codec/plain_words.hpp"

#include <algorithm>

namespace posthorn::email {

namespace {

// Without the class: 4 is for now, 5 for good.
struct plain_meaning {
    std::string_view detail, means;
};

constexpr plain_meaning meanings[] = {
    {".1.1", "there is no such mailbox"},
    {".1.2", "there is no such domain, or it takes no mail"},
    {".1.3", "the address is not written as one"},
    {".1.6", "the mailbox has moved"},
    {".1.10", "the domain takes no mail"},
    {".2.1", "the mailbox is switched off"},
    {".2.2", "the mailbox is full"},
    {".3.4", "the letter is too large for that server"},
    {".4.1", "that server does not answer"},
    {".4.4", "no way to that server is known"},
    {".4.7", "that server could not be reached in time"},
    {".7.0", "that server refuses it by a rule of its own"},
    {".7.1",
     "that server refuses it by a rule of its own: a black list, or our sender is not trusted"},
    {".7.26", "that server could not verify that the letter is ours: see SPF and DKIM of `from`"},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "5.1.1" somewhere in it, as a word.
std::string_view status_in(std::string_view code) {
    while (!code.empty()) {
        auto word = code.substr(0, code.find(' '));
        code.remove_prefix(std::min(word.size() + 1, code.size()));
        if (word.size() >= 5 && (word[0] == '4' || word[0] == '5') && word[1] == '.' &&
            is_digit(word[2]) && std::ranges::count(word, '.') == 2 &&
            std::ranges::all_of(word, [](char c) { return is_digit(c) || c == '.'; }))
            return word;
    }
    return {};
}

} // namespace

std::string plain_words(std::string_view code) {
    const auto status = status_in(code);
    if (status.empty())
        return {};
    const auto found = std::ranges::find(meanings, status.substr(1), &plain_meaning::detail);
    return found == std::end(meanings) ? std::string() : std::string(found->means);
}

} // namespace posthorn::email

#include "commands/nearness.hpp"

#include "model/edits.hpp"

#include <algorithm>

namespace posthorn::commands {

namespace {

constexpr std::size_t longest_typed = 24; // a longer run is no misspelt word

bool is_alphabetic(const word_key& word) { return is_letter(word.letters.front()); }

std::size_t allowed_slips(std::size_t letters) { return letters < 2 ? 0 : letters < 5 ? 1 : 2; }

} // namespace

std::u32string first_word(const plain_text& text) {
    const auto begin = text.skip(0);
    auto end = begin;
    while (end < text.size() && !separates(text.folded[end]) && !is_digit(text.folded[end]) &&
           is_letter(text.folded[end]) == is_letter(text.folded[begin]))
        ++end;
    return text.folded.substr(begin, end - begin);
}

bool contains(const plain_text& text, const word_key& word) {
    const bool alphabetic = is_alphabetic(word);
    if (word.length() < (alphabetic ? 3u : 2u))
        return false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto end = end_of_word(word, text, at, gaps::as_written);
        if (end && (!alphabetic || ((at == 0 || !is_letter(text.folded[at - 1])) &&
                                    (*end == text.size() || !is_letter(text.folded[*end])))))
            return true;
    }
    return false;
}

std::optional<std::size_t> slips_between(std::u32string_view typed, const word_key& word) {
    const std::u32string_view letters = word.letters;
    if (typed.empty() || typed.size() > longest_typed || letters.empty() ||
        is_letter(typed.front()) != is_alphabetic(word))
        return std::nullopt;
    const auto slips = edits_between(typed, letters);
    if (slips > allowed_slips(letters.size()) || slips >= letters.size())
        return std::nullopt;
    if (is_alphabetic(word) && letters.size() == 2 && typed.size() <= 2 &&
        !std::is_permutation(typed.begin(), typed.end(), letters.begin(), letters.end()))
        return std::nullopt;
    return slips;
}

} // namespace posthorn::commands

#include "commands/overlaps.hpp"

#include "commands/boundary.hpp"
#include "commands/word_key.hpp"

#include <algorithm>

namespace posthorn::commands {

std::optional<std::string> unusable(const std::string& word) {
    constexpr std::size_t longest_word = 40;
    const auto key = key_of(word);
    if (key.letters.empty() && key.signs.empty())
        return "'" + word + "' is blank";
    if (key.length() > longest_word)
        return "'" + word + "' is longer than 40 characters";
    if (!key.letters.empty() && key.length() <= 2 && std::ranges::all_of(key.letters, is_digit))
        return "'" + word + "' is a number of a menu: write another word";
    return std::nullopt;
}

std::optional<std::string> confusion(const std::string& word, const std::string& other,
                                     const command& asked) {
    using namespace std::chrono_literals;
    const auto mine = key_of(word);
    const auto theirs = key_of(other);
    if (mine.letters == theirs.letters && mine.signs == theirs.signs)
        return "'" + word + "' is also a word of " + asked.name;
    const auto end = end_of_word(theirs, mine.plain, mine.plain.skip(0), gaps::as_written);
    if (!end)
        return std::nullopt;
    // The day is of no consequence: it does not decide what can be read.
    const auto read = read_after_word(asked, mine.plain, *end, 2026y / 1 / 1);
    if (!read || read->wrong)
        return std::nullopt;
    return "'" + word + "' can be read as '" + other + "' of " + asked.name + " with an argument";
}

} // namespace posthorn::commands

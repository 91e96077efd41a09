#include "commands/word_key.hpp"

namespace posthorn::commands {

word_key key_of(std::string_view word) {
    word_key key;
    key.plain = plain(word);
    for (const auto c : key.plain.folded)
        if (!separates(c))
            key.letters += c;
    key.signs = signs_of(key.plain);
    return key;
}

std::u32string signs_of(const plain_text& text) {
    std::u32string signs;
    for (const auto c : text.folded) {
        if (!separates(c))
            return {};
        if (c != U' ' && !signs.ends_with(c))
            signs += c;
    }
    return signs;
}

std::optional<std::size_t> end_of_word(const word_key& word, const plain_text& text, std::size_t at,
                                       gaps allowed) {
    bool begun = false;
    for (const auto c : word.plain.folded) {
        if (separates(c)) {
            at = text.skip(at);
            continue;
        }
        if (begun && allowed == gaps::anywhere)
            at = text.skip(at);
        if (at >= text.size() || text.folded[at] != c)
            return std::nullopt;
        ++at;
        begun = true;
    }
    return begun ? std::optional(at) : std::nullopt;
}

} // namespace posthorn::commands

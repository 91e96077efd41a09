#include "templates/forbidden_words.hpp"

#include "encoding/plain_text.hpp"
#include "encoding/utf8.hpp"

#include <algorithm>

namespace posthorn::templates {

namespace {

// A text as it is compared, and where each of its characters stands.
struct plain {
    std::u32string text;
    std::vector<std::size_t> offsets;
};

plain plain_of(std::string_view utf8) {
    plain made;
    for (std::size_t at = 0; at < utf8.size();) {
        const auto read = encoding::read_char(utf8, at);
        const auto c = read.octets == 0 ? encoding::replacement : encoding::plain_char(read.code);
        const bool again = c == U' ' && made.text.ends_with(U' ');
        if (c != 0 && !again) {
            made.text += c;
            made.offsets.push_back(at);
        }
        at += std::max(read.octets, 1U);
    }
    return made;
}

// Of a plain character: one of a word that is written between spaces.
bool is_latin(char32_t c) {
    return (c >= U'A' && c <= U'Z') || (c >= U'0' && c <= U'9') || (c >= 0xC0 && c <= 0x24F);
}

bool stands_alone(std::u32string_view text, std::size_t at, std::size_t size) {
    const auto torn = [&](std::size_t after) { // between after - 1 and after
        return after > 0 && after < text.size() && is_latin(text[after - 1]) &&
               is_latin(text[after]);
    };
    return !torn(at) && !torn(at + size);
}

std::size_t place_of(std::u32string_view word, std::u32string_view text) {
    auto at = text.find(word);
    while (at != text.npos && !stands_alone(text, at, word.size()))
        at = text.find(word, at + 1);
    return at;
}

std::string_view trimmed(std::string_view line) {
    constexpr std::string_view white = " \t\r";
    line.remove_prefix(std::min(line.find_first_not_of(white), line.size()));
    return line.substr(0, line.find_last_not_of(white) + 1); // npos + 1 is 0
}

} // namespace

forbidden_words::forbidden_words(std::string_view lines) {
    while (!lines.empty()) {
        const auto line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        const auto written = trimmed(line.substr(0, line.find('#')));
        if (auto as_compared = plain_of(written); !as_compared.text.empty())
            words_.push_back({std::string(written), std::move(as_compared.text)});
    }
}

std::vector<forbidden_words::found> forbidden_words::in(std::string_view text) const {
    std::vector<found> all;
    const auto as_compared = plain_of(text);
    for (const auto& [written, plain] : words_)
        if (const auto at = place_of(plain, as_compared.text); at != std::u32string::npos)
            all.push_back({written, as_compared.offsets[at]});
    return all;
}

} // namespace posthorn::templates

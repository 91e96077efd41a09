#include "templates/forbidden_words.hpp"

#include <doctest/doctest.h>

namespace forbidden_words_test {

using posthorn::templates::forbidden_words;

namespace {

// "word@offset " of each that is found.
std::string found_in(const char* words, const char* text) {
    std::string out;
    for (const auto& [word, offset] : forbidden_words(words).in(text))
        out += word + "@" + std::to_string(offset) + " ";
    return out;
}

} // namespace

TEST_CASE("forbidden words: case, width and line ends do not hide a word") {
    const struct {
        const char* words;
        const char* text;
        const char* found;
    } rows[] = {
        {"winner", "You are a WINNER!", "winner@10 "},
        {"WINNER", "a ｗｉｎｎｅｒ", "WINNER@2 "},
        {"free gift", "a free\n  gift", "free gift@2 "},
        {"free", "freeze, carefree", ""},
        {"free", "freeze free", "free@7 "},
        {"free", "立即free领取", "free@6 "},
        {"最佳", "本店最佳！", "最佳@6 "},
        {"最佳", "最\u200B佳", "最佳@0 "},
        {"100%满意", "１００％满意", "100%满意@0 "},
        {"# winner\n\n  lottery # of any kind\r\nwinner", "lottery winner", "lottery@0 winner@8 "},
        {"", "anything", ""},
        {"#\n \n", "# ", ""},
        {"a", "a\xFF", "a@0 "},
    };
    for (const auto& row : rows) {
        CAPTURE(row.words);
        CAPTURE(row.text);
        CHECK(found_in(row.words, row.text) == row.found);
    }
}

} // namespace forbidden_words_test

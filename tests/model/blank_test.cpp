#include "model/blank.hpp"

#include <doctest/doctest.h>

#include <string>

namespace blank_test {

using namespace posthorn;

TEST_CASE("blank: a text that nobody sees is empty, whatever its octets") {
    for (const auto* text :
         {"", " ", "\t\r\n \v\f", "\u00A0", "\u2000\u2009\u200B", "\u202F", "\u205F", "　", "　 　",
          "\uFEFF", "\u200D\u200E", "\u2060", "\u00AD"}) {
        CAPTURE(std::string(text));
        CHECK(is_blank(text));
    }
    for (const auto* text : {"0", "　x", "·", "…", "¡", "中", "\u2010", "、", "\xFF", "\xE3\x80"}) {
        CAPTURE(std::string(text));
        CHECK_FALSE(is_blank(text));
    }
}

TEST_CASE("blank: what nobody sees is taken from both ends and left inside") {
    CHECK(trimmed("　张　三 \u00A0") == "张　三");
    CHECK(trimmed(" a\tb\r\n") == "a\tb");
    CHECK(trimmed("全") == "全");
    CHECK(trimmed(" \xE3\x80") == "\xE3\x80");
}

} // namespace blank_test

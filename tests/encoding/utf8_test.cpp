#include "encoding/utf8.hpp"

#include <doctest/doctest.h>

namespace utf8_test {

using namespace posthorn::encoding;

TEST_CASE("encoding: every character survives UTF-8 and UTF-16") {
    for (char32_t c = 0; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 37) {
        if (c >= 0xD800 && c <= 0xDFFF)
            continue;
        std::string text;
        append_utf8(text, c);
        const auto read = read_char(text, 0);
        const auto utf16 = utf16_of(text);
        const bool same = read.code == c && read.octets == text.size() && !check_utf8(text) &&
                          utf16 && utf8_of(*utf16).text == text && !utf8_of(*utf16).lossy;
        if (!same)
            FAIL_CHECK("character " << static_cast<unsigned>(c));
    }
}

TEST_CASE("encoding: invalid UTF-8 is refused with the offset of the character") {
    struct row {
        std::string text;
        std::size_t offset;
        std::string reason;
    };
    const row rows[] = {
        {"ab\x80", 2, "octet 0x80 begins no valid UTF-8 character"},
        {"\xC0\x80", 0, "octet 0xC0 begins no valid UTF-8 character"},
        {"x\xC1\xBF", 1, "octet 0xC1 begins no valid UTF-8 character"},
        {"\xE0\x9F\xBF", 0, "octet 0xE0 begins no valid UTF-8 character"},
        {"é\xED\xA0\x80", 2, "octet 0xED begins no valid UTF-8 character"},
        {"\xED\xBF\xBF", 0, "octet 0xED begins no valid UTF-8 character"},
        {"\xF0\x8F\xBF\xBF", 0, "octet 0xF0 begins no valid UTF-8 character"},
        {"\xF4\x90\x80\x80", 0, "octet 0xF4 begins no valid UTF-8 character"},
        {"\xF5\x80\x80\x80", 0, "octet 0xF5 begins no valid UTF-8 character"},
        {"\xE4\xBD\x41", 0, "octet 0xE4 begins no valid UTF-8 character"},
        {"你\xE4\xBD", 3, "the text ends inside a UTF-8 character"},
        {"\xF0\x9F\x98", 0, "the text ends inside a UTF-8 character"},
        {"\xFF", 0, "octet 0xFF begins no valid UTF-8 character"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto bad = check_utf8(row.text);
        REQUIRE(bad);
        CHECK(bad->offset == row.offset);
        CHECK(bad->reason == row.reason);
        const auto utf16 = utf16_of(row.text);
        REQUIRE(utf16.has_error());
        CHECK(utf16.error().offset == row.offset);
    }
}

TEST_CASE("encoding: a truncated character is never read past the end") {
    const std::string text = "a😀";
    for (std::size_t length = 2; length < text.size(); ++length)
        CHECK(read_char(std::string_view(text).substr(0, length), 1).octets == 0);
    CHECK(read_char(text, 1).code == 0x1F600);
}

TEST_CASE("encoding: lone surrogates become U+FFFD and are reported as loss") {
    const std::pair<std::u16string, std::string> rows[] = {
        {{0xD83D}, "\uFFFD"},
        {{0xDE00}, "\uFFFD"},
        {{0xD83D, u'a'}, "\uFFFDa"},
        {{0xD83D, 0xD83D, 0xDE00}, "\uFFFD😀"},
        {{0xDE00, 0xD83D}, "\uFFFD\uFFFD"},
    };
    for (const auto& [utf16, utf8] : rows) {
        const auto out = utf8_of(utf16);
        CHECK(out.text == utf8);
        CHECK(out.lossy);
    }
    CHECK(utf8_of({u"a😀"}).text == "a😀");
    CHECK_FALSE(utf8_of({u"a😀"}).lossy);
}

TEST_CASE("encoding: what is no character is written as U+FFFD") {
    std::string out;
    append_utf8(out, 0xD800);
    append_utf8(out, 0x110000);
    CHECK(out == "\uFFFD\uFFFD");
}

TEST_CASE("encoding: what was never accepted can be shown, each wrong octet as U+FFFD") {
    CHECK(repaired("aé你😀") == "aé你😀");
    CHECK(repaired("a\xD5\xC5z") == "a\uFFFD\uFFFDz");
    CHECK(repaired("你\xE4\xBD") == "你\uFFFD\uFFFD");
    CHECK(repaired("") == "");
}

TEST_CASE("encoding: characters are counted, not octets") {
    CHECK(count_chars("") == 0);
    CHECK(count_chars("aé你😀") == 4);
    CHECK(count_chars("a\xFF\xFF") == 3);
}

} // namespace utf8_test

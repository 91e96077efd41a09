// What a unit says, in the codings of carriers that take neither GSM 7-bit nor UCS-2 of us.
#include "sdk/text.hpp"

#include <doctest/doctest.h>

namespace text_test {

using namespace posthorn::sdk;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

unit septets(std::string_view octets, bool udh = false) {
    return {.octets = octets, .coding = coding::gsm7, .udh = udh};
}

unit utf16(std::string_view octets, bool udh = false) {
    return {.octets = octets, .coding = coding::ucs2, .udh = udh};
}

constexpr auto concat = "\x05\x00\x03\x07\x02\x01"sv;
constexpr auto turkish = "\x0B\x00\x03\x07\x02\x01\x24\x01\x01\x25\x01\x01"sv; // and concat
constexpr auto ni = "\x4F\x60"sv;                                              // 你
constexpr auto emoji = "\xD8\x3D\xDE\x00"sv;                                   // 😀

} // namespace

TEST_CASE("text: septets are the characters of the tables that their header announces") {
    CHECK(utf8_of(septets("\x00\x02\x11 \x1B\x65\x1B\x3C"sv)) == "@$_ €[");
    CHECK(utf8_of(septets("a\x1B"sv)) == "a ");        // nothing after the escape
    CHECK(utf8_of(septets("\x1B\x1B"sv)) == " ");      // kept for tables to come
    CHECK(utf8_of(septets("\x1B\x41\xC1"sv)) == "AA"); // not there; the high bit is no one's
    CHECK(utf8_of(septets(std::string(concat) + "hi", true)) == "hi");
    CHECK(utf8_of(septets(std::string(turkish) + "\x1C\x1B\x67", true)) == "Şğ");
    CHECK(utf8_of(septets("\x03\x25\x01\x03\x60"sv, true)) == "~");     // Portuguese
    CHECK(utf8_of(septets("\x03\x24\x01\x09\x1B\x65"sv, true)) == "€"); // a table nobody knows here
}

TEST_CASE("text: a broken header is text, and its elements are not read beyond their end") {
    CHECK(utf8_of(septets("\x09xx"sv, true)) == "Çxx");
    CHECK(utf8_of(septets(""sv, true)).empty());
    CHECK(utf8_of(septets("\x02\x24\x09z"sv, true)) == "z");
    CHECK(recoded_header(septets("\x02\x24\x09z"sv, true)).empty());
}

TEST_CASE("text: UTF-16 becomes UTF-8, and what is no character U+FFFD") {
    struct row {
        std::string_view octets, text;
    };
    for (const auto& r : {row{ni, "你"}, row{emoji, "😀"}, row{"\x00\x41\xD8"sv, "A"},
                          row{"\xD8\x3D\x00\x41"sv, "\uFFFDA"}, row{"\xDE\x00"sv, "\uFFFD"},
                          row{"\xD8\x3D\xD8\x3D\xDE\x00"sv, "\uFFFD😀"}, row{"\xD8\x3D"sv, "\uFFFD"},
                          row{"\x00\xE9\x07\xFF"sv, "é\u07FF"}}) {
        CAPTURE(r.text);
        CHECK(utf8_of(utf16(r.octets)) == r.text);
    }
    CHECK(utf8_of(utf16(std::string(concat) + std::string(ni), true)) == "你");
}

TEST_CASE("text: recoded where every character is there, else not at all") {
    struct row {
        unit from;
        std::optional<std::string> ascii, latin1, gbk;
    };
    const row rows[] = {
        {septets("Hello 1"), "Hello 1", "Hello 1", "Hello 1"},
        {septets("\x00\x02\x11\x1B\x28\x1B\x40"sv), "@$_{|", "@$_{|", "@$_{|"},
        {septets("\x04"sv), std::nullopt, "\xE8", "\xA8\xA8"},           // è
        {septets("\x5B\x60"sv), std::nullopt, "\xC4\xBF", std::nullopt}, // Ä¿
        {septets("\x10"sv), std::nullopt, std::nullopt, "\xA6\xA4"},     // Δ
        {utf16(ni), std::nullopt, std::nullopt, "\xC4\xE3"},
        {utf16("\x00\x41"sv), "A", "A", "A"},
        {utf16(emoji), std::nullopt, std::nullopt, std::nullopt},
        {utf16("\x30\x10\x00\x41\x30\x11"sv), std::nullopt, std::nullopt, "\xA1\xBE\x41\xA1\xBF"},
        {septets(""), "", "", ""},
        {{.octets = "letter", .coding = coding::email}, std::nullopt, std::nullopt, std::nullopt},
    };
    for (const auto& r : rows) {
        CAPTURE(utf8_of(r.from));
        CHECK(ascii_of(r.from) == r.ascii);
        CHECK(latin1_of(r.from) == r.latin1);
        CHECK(gbk_of(r.from) == r.gbk);
    }
    CHECK(gbk_of(utf16("\xD8\x3D"sv)) == std::nullopt);
    CHECK(gbk_of(utf16(ni)) == "\xC4\xE3"); // what failed before it left nothing behind
}

TEST_CASE("text: recoded text keeps its place among the parts, and loses the tables") {
    const auto part = std::string(turkish) + "\x1C";
    CHECK(recoded_header(septets(part, true)) == concat);
    CHECK(ucs2_of(septets(part, true)) == "\x01\x5E"s);
    CHECK(recoded_header(septets("\x03\x24\x01\x01x"sv, true)).empty());
    CHECK(recoded_header(utf16(std::string(concat) + std::string(ni), true)) == concat);
    CHECK(recoded_header(septets("hello")).empty());
}

TEST_CASE("text: parts of UCS-2 fit the air in GBK too") {
    for (const auto units : {67U, 70U}) {
        std::string octets = units == 67 ? std::string(concat) : std::string();
        for (unsigned i = 0; i < units; ++i)
            octets += ni;
        const auto u = utf16(octets, units == 67);
        const auto gbk = gbk_of(u);
        REQUIRE(gbk);
        CHECK(recoded_header(u).size() + gbk->size() == air_octets);
    }
}

TEST_CASE("text: what carriers write in Latin-1 and GBK becomes UTF-8") {
    CHECK(utf8_of_latin1("\xE8@") == "è@");
    CHECK(utf8_of_gbk("\xC4\xE3 ok") == "你 ok");
    CHECK(utf8_of_gbk("\xC4") == std::nullopt);
    CHECK(utf8_of_gbk("\xFF\xFF") == std::nullopt);
    CHECK(utf8_of_gbk("") == "");
}

} // namespace text_test

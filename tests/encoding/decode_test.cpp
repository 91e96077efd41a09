#include "encoding/decode.hpp"

#include "encoding/gbk.hpp"
#include "vectors.hpp"

#include <doctest/doctest.h>

namespace decode_test {

using namespace posthorn::encoding;
using namespace posthorn::encoding::test;

TEST_CASE("encoding: received octets become text by their data_coding") {
    struct row {
        unsigned data_coding;
        std::string hex;
        std::string text;
        bool lossy;
    };
    const row rows[] = {
        {0x00, "480069", "H@i", false},
        {0x00, "1b65", "€", false},
        {0x00, "436166e9", "Café", true},
        {0x10, "00", "@", false},
        {0x11, "11", "_", false},
        {0xC8, "00", "@", false},
        {0xD0, "00", "@", false},
        {0xF0, "00", "@", false},
        {0xF1, "00", "@", false},
        {0x01, "40e9", "@\uFFFD", true},
        {0x03, "40e9", "@é", false},
        {0x06, "bfe0d8a1f0fdad", "ПриЁ№§\u00AD", false},
        {0x07, "f9ecfaaa", "שלת×", false},
        {0x07, "a1fb", "\uFFFD\uFFFD", true},
        {0x08, "4e2dd83dde00", "中😀", false},
        {0x08, "feff4e2d", "中", false},
        {0x08, "fffe2d4e", "中", false},
        {0x08, "4e2d41", "中", true},
        {0x08, "d83d0041", "\uFFFDA", true},
        {0x08, "", "", false},
        {0x18, "4e2d", "中", false},
        {0x19, "4e2d", "中", false},
        {0x48, "4e2d", "中", false},
        {0xE0, "4e2d", "中", false},
        {0xEF, "4e2d", "中", false},
        {0x0F, "d6d0cec4", "中文", false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.data_coding);
        CAPTURE(row.hex);
        const auto out =
            decode_text(octets_of(row.hex), static_cast<std::uint8_t>(row.data_coding));
        REQUIRE(out.has_value());
        CHECK(out->text == row.text);
        CHECK(out->lossy == row.lossy);
    }
}

TEST_CASE("encoding: octets that are not a text are not shown as one") {
    for (const int data_coding : {0x02, 0x04, 0x05, 0x09, 0x0A, 0x0D, 0x0E, 0x14, 0x1C, 0x20, 0x28,
                                  0x60, 0x80, 0xBF, 0xF4, 0xF5, 0xF6, 0xFF}) {
        CAPTURE(data_coding);
        CHECK_FALSE(decode_text("abcd", static_cast<std::uint8_t>(data_coding)));
    }
    CHECK_FALSE(decode_text("\xD6", 0x0F));
}

TEST_CASE("encoding: announced national tables are used") {
    const alphabet turkish{locking_shift::turkish, single_shift::turkish};
    CHECK(decode_text("\x1C\x07\x1B\x73", 0, turkish)->text == "Şış");
    CHECK(decode_text("\x1B\x41", 0, {locking_shift::none, single_shift::spanish})->text == "Á");
}

TEST_CASE("encoding: every data_coding takes any octets") {
    std::string octets;
    for (int i = 0; i < 256; ++i)
        octets.push_back(static_cast<char>(i));
    for (unsigned data_coding = 0; data_coding < 256; ++data_coding) {
        const auto out = decode_text(octets, static_cast<std::uint8_t>(data_coding));
        if (out)
            CHECK_FALSE(check_utf8(out->text));
    }
}

TEST_CASE("encoding: GB18030 files become UTF-8 or say where they are wrong") {
    CHECK(*decode_gbk("") == "");
    CHECK(*decode_gbk("abc,\xD6\xD0\xB9\xFA") == "abc,中国");
    CHECK(*decode_gbk(octets_of("9439da33")) == "💩");
    struct row {
        std::string hex;
        std::size_t offset;
        std::string reason;
    };
    const row rows[] = {
        {"6162ff6162", 2, "octet 0xFF begins no valid GB18030 character"},
        {"d6d0d6200a", 2, "octet 0xD6 begins no valid GB18030 character"},
        {"d6d0d6", 2, "the text ends inside a GB18030 character"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.hex);
        const auto out = decode_gbk(octets_of(row.hex));
        REQUIRE(out.has_error());
        CHECK(out.error().offset == row.offset);
        CHECK(out.error().reason == row.reason);
    }
}

TEST_CASE("encoding: a long GB18030 file is decoded whole, after an error too") {
    CHECK(decode_gbk("\xD6").has_error());
    std::string gbk, utf8;
    for (int i = 0; i < 5000; ++i) {
        gbk += i % 3 == 0 ? "x\xD6\xD0" : "\xB9\xFA";
        utf8 += i % 3 == 0 ? "x中" : "国";
    }
    CHECK((*decode_gbk(gbk) == utf8));
    CHECK(decode_gbk(gbk + "\xFF").error().offset == gbk.size());
}

TEST_CASE("encoding: charsets are known by their usual names") {
    for (const auto* name : {"gb18030", "GBK", "GB2312", "gb-18030"})
        CHECK(*decode_charset(name, "\xD6\xD0") == "中");
    for (const auto* name : {"utf-8", "UTF8", "utf_8"})
        CHECK(*decode_charset(name, "\xEF\xBB\xBF中") == "中");
    for (const auto* name : {"latin1", "Latin-1", "ISO-8859-1"})
        CHECK(*decode_charset(name, "\xE9") == "é");
    CHECK(decode_charset("utf-8", "ab\xE9").error().offset == 2);
    CHECK(decode_charset("ebcdic", "a").error().reason ==
          "unknown charset 'ebcdic'; use utf-8, gb18030, gbk, gb2312 or latin1");
}

} // namespace decode_test

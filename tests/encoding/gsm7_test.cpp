#include "encoding/gsm7.hpp"

#include "vectors.hpp"

#include <doctest/doctest.h>

#include <set>

namespace gsm7_test {

using namespace posthorn::encoding;
using namespace posthorn::encoding::test;

namespace {

const alphabet every_alphabet[] = {
    {},
    {locking_shift::none, single_shift::turkish},
    {locking_shift::none, single_shift::spanish},
    {locking_shift::none, single_shift::portuguese},
    {locking_shift::turkish, single_shift::none},
    {locking_shift::turkish, single_shift::turkish},
    {locking_shift::portuguese, single_shift::none},
    {locking_shift::portuguese, single_shift::portuguese},
};

} // namespace

TEST_CASE("encoding: texts become the septets and packed octets of the vectors") {
    const auto vectors = read_vectors("sms_encoding.json");
    for (const auto& value : vectors.at("vectors").as_array()) {
        const auto& row = value.as_object();
        const auto text = text_at(row, "text");
        const auto tables = alphabet_of(row);
        CAPTURE(text);
        const auto unpacked = encode_gsm7(text, tables);
        REQUIRE(unpacked);
        CHECK(hex_of(*unpacked) == text_at(row, "unpacked_hex"));
        CHECK(unpacked->size() == row.at("septets").to_number<std::size_t>());
        CHECK(hex_of(pack_septets(*unpacked)) == text_at(row, "packed_hex"));
        CHECK(unpack_septets(pack_septets(*unpacked), unpacked->size()) == *unpacked);
        CHECK(decode_gsm7(*unpacked, tables) == text);
    }
}

TEST_CASE("encoding: packed text after a header starts on a septet") {
    const auto vectors = read_vectors("sms_encoding.json");
    for (const auto& value : vectors.at("with_udh").as_array()) {
        const auto& row = value.as_object();
        const auto udh = octets_of(text_at(row, "udh"));
        const auto unpacked = octets_of(text_at(row, "smpp_short_message_hex")).substr(udh.size());
        const auto fill = fill_bits(udh.size());
        CAPTURE(text_at(row, "id"));
        CHECK(fill == row.at("fill_bits").to_number<unsigned>());
        const auto packed = pack_septets(unpacked, fill);
        CHECK(hex_of(udh + packed) == text_at(row, "tp_ud_hex"));
        CHECK((udh.size() * 8 + fill) / 7 + unpacked.size() ==
              row.at("tp_udl").to_number<std::size_t>());
        CHECK(unpack_septets(packed, unpacked.size(), fill) == unpacked);
    }
}

TEST_CASE("encoding: received septets are shown by the rules of the vectors") {
    const auto vectors = read_vectors("sms_encoding.json");
    for (const auto& value : vectors.at("decode_rules").as_array()) {
        const auto& row = value.as_object();
        CAPTURE(text_at(row, "unpacked_hex"));
        const auto text = decode_gsm7(octets_of(text_at(row, "unpacked_hex")));
        CHECK(text.has_value() == row.at("text").is_string());
        if (text)
            CHECK(*text == text_at(row, "text"));
    }
    CHECK_FALSE(decode_gsm7("\x1B\x80"));
    CHECK(decode_gsm7("\x1B\x1B\x65") == " e");
}

TEST_CASE("encoding: every code of every table comes back as itself") {
    for (const auto tables : every_alphabet) {
        std::set<std::string> seen;
        for (int code = 0; code < 0x80; ++code) {
            CAPTURE(code);
            const std::string octets(1, static_cast<char>(code));
            if (code == gsm_escape)
                continue;
            const auto text = decode_gsm7(octets, tables);
            REQUIRE(text);
            CHECK(encode_gsm7(*text, tables) == octets);
            CHECK(septets_of(read_char(*text, 0).code, tables) == 1);
            CHECK(seen.insert(*text).second);

            const auto shifted = decode_gsm7(gsm_escape + octets, tables);
            REQUIRE(shifted);
            const auto again = encode_gsm7(*shifted, tables);
            REQUIRE(again);
            CHECK(decode_gsm7(*again, tables) == *shifted);
        }
        CHECK(seen.size() == 127);
    }
}

TEST_CASE("encoding: the number of characters in a table is that of the specification") {
    const int two_septets[] = {10, 17, 19, 37};
    for (int single = 0; single < 4; ++single) {
        int one = 0, two = 0;
        for (char32_t c = 0; c < 0x3000; ++c) {
            const int septets =
                septets_of(c, {locking_shift::none, static_cast<single_shift>(single)});
            one += septets == 1;
            two += septets == 2;
        }
        CHECK(one == 127);
        // Seven Greek capitals are in the Portuguese shift table and in the default table.
        CHECK(two == two_septets[single] - (single == 3 ? 7 : 0));
    }
}

TEST_CASE("encoding: characters cost one septet, two, or cannot go") {
    const std::pair<char32_t, int> rows[] = {
        {U'@', 1},  {U'\n', 1}, {U'é', 1},      {U'Ç', 1}, {U'Ω', 1}, {U'€', 2},
        {U'[', 2},  {U'\f', 2}, {U'|', 2},      {U'`', 0}, {U'ç', 0}, {U'á', 0},
        {U'ê', 0},  {U'\t', 0}, {U'\u00A0', 0}, {U'’', 0}, {U'…', 0}, {U'°', 0},
        {U'中', 0}, {U'😀', 0},  {0x1B, 0},      {0, 0},    {U'∞', 0},
    };
    for (const auto& [code, septets] : rows) {
        CAPTURE(static_cast<unsigned>(code));
        CHECK(septets_of(code) == septets);
    }
    CHECK(septets_of(U'€', {locking_shift::turkish, {}}) == 1);
    CHECK(septets_of(U'ş', {locking_shift::none, single_shift::turkish}) == 2);
    CHECK(septets_of(U'∞', {locking_shift::portuguese, {}}) == 1);
    CHECK_FALSE(encode_gsm7("a`b"));
    CHECK_FALSE(encode_gsm7("a\xFF"));
}

TEST_CASE("encoding: packing is undone for every length and fill") {
    for (unsigned fill = 0; fill < 7; ++fill)
        for (std::size_t length = 0; length < 20; ++length) {
            std::string septets;
            for (std::size_t i = 0; i < length; ++i)
                septets.push_back(static_cast<char>((i * 37 + 91) & 0x7F));
            const auto packed = pack_septets(septets, fill);
            CHECK(packed.size() == (length == 0 ? 0 : (fill + length * 7 + 7) / 8));
            CHECK(unpack_septets(packed, length, fill) == septets);
        }
    CHECK(unpack_septets("\x41", 5) == "A");
}

} // namespace gsm7_test

#include "encoding/parts.hpp"

#include "encoding/decode.hpp"
#include "vectors.hpp"

#include <doctest/doctest.h>

#include <numeric>
#include <random>
#include <stdexcept>

namespace parts_test {

using namespace posthorn;
using namespace posthorn::encoding;
using namespace posthorn::encoding::test;

namespace {

/// What a phone shows for the parts of a text, checking all that must hold for each on the way.
std::string rejoin(const split_text& split, const split_options& options) {
    std::string out;
    for (std::size_t i = 0; i < split.parts.size(); ++i) {
        const auto& part = split.parts[i];
        user_data_header header;
        if (split.udh)
            header = read_header(part);
        CHECK_FALSE(header.broken);
        CHECK(header.part.has_value() == (split.parts.size() > 1));
        if (header.part) {
            CHECK(header.part->number == i + 1);
            CHECK(header.part->total == split.parts.size());
            CHECK(header.part->reference == options.reference);
            CHECK(header.part->reference_bits == options.reference_bits);
        }
        const auto body = part.substr(header.text_at);
        const bool gsm = split.code == coding::gsm7;
        CHECK(body.size() == split.units[i] * (gsm ? 1 : 2));
        const auto fill = gsm ? fill_bits(header.text_at) : 0;
        CHECK((header.text_at * 8 + fill + body.size() * (gsm ? 7 : 8) + 7) / 8 <= 140);
        const auto text = decode_text(body, gsm ? 0 : 8, header.tables);
        REQUIRE(text);
        CHECK_FALSE(text->lossy); // a cut surrogate pair would be
        if (gsm)
            CHECK_FALSE(body.ends_with(gsm_escape));
        out += text->text;
    }
    return out;
}

} // namespace

TEST_CASE("encoding: texts are cut into the parts of the vectors") {
    const auto vectors = read_vectors("sms_segmentation.json");
    for (const auto& value : vectors.at("vectors").as_array()) {
        const auto& row = value.as_object();
        CAPTURE(text_at(row, "id"));
        const int bits = row.at("ref_bits").to_number<int>();
        const alphabet national[] = {alphabet_of(row)};
        const split_options options{
            .reference_bits = bits, .reference = bits == 8 ? 0xCCU : 0x1234U, .national = national};
        const auto text = text_at(row, "text");
        const auto out = split(text, options);
        REQUIRE(out.has_value());
        CHECK(out->code == (text_at(row, "coding") == "gsm7" ? coding::gsm7 : coding::ucs2));
        const auto& parts = row.at("parts").as_array();
        REQUIRE(out->parts.size() == parts.size());
        for (std::size_t i = 0; i < parts.size(); ++i) {
            const auto& part = parts[i].as_object();
            if (const auto hex = text_at(part, "short_message_hex"); hex != "(omitted)")
                CHECK(hex_of(out->parts[i]) == hex);
            CHECK(out->units[i] == part.at("units").to_number<unsigned>());
            CHECK(out->udh == (part.at("esm_class").to_number<int>() == 0x40));
        }
        const auto counted = measure_text(text, options);
        CHECK(counted.code == out->code);
        CHECK(counted.parts == parts.size());
        CHECK(counted.units == std::accumulate(out->units.begin(), out->units.end(), 0U));
    }
}

TEST_CASE("encoding: part limits are those of the vectors") {
    const auto vectors = read_vectors("sms_segmentation.json");
    const auto& limits = vectors.at("limits").as_object();
    const auto limit = [&](const char* coding, const char* key) {
        return limits.at(coding).at(key).to_number<std::size_t>();
    };
    const auto first_part = [](std::string_view letter, std::size_t count, int bits,
                               std::span<const alphabet> national) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i)
            text += letter;
        const split_options options{.reference_bits = bits, .national = national};
        const auto out = split(text, options);
        REQUIRE(out.has_value());
        return std::pair(out->parts.size(), std::size_t{out->units[0]});
    };
    struct row {
        const char* coding;
        const char* alone;
        const char* joined;
        int bits;
        std::string_view letter;
        alphabet national;
    };
    const alphabet lock{locking_shift::turkish, {}},
        both{locking_shift::turkish, single_shift::turkish};
    const row rows[] = {
        {"gsm7", "single", "concat8", 8, "a", {}},
        {"gsm7", "single", "concat16", 16, "a", {}},
        {"gsm7", "one_nli_single", "one_nli_concat8", 8, "ğ", lock},
        {"gsm7", "one_nli_single", "one_nli_concat16", 16, "ğ", lock},
        {"gsm7", "two_nli_single", "two_nli_concat8", 8, "ğ", both},
        {"gsm7", "two_nli_single", "two_nli_concat16", 16, "ğ", both},
        {"ucs2", "single", "concat8", 8, "中", {}},
        {"ucs2", "single", "concat16", 16, "中", {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.joined);
        const auto alone = limit(row.coding, row.alone);
        const auto joined = limit(row.coding, row.joined);
        const auto first = [&](std::size_t count) {
            return first_part(row.letter, count, row.bits, std::span(&row.national, 1));
        };
        CHECK(first(alone) == std::pair(std::size_t{1}, alone));
        CHECK(first(alone + 1) == std::pair(std::size_t{2}, joined));
        CHECK(first(2 * joined) == std::pair(std::size_t{2}, joined));
        CHECK(first(2 * joined + 1) == std::pair(std::size_t{3}, joined));
    }
}

TEST_CASE("encoding: the parts of any text join to the text, and are as many as measured") {
    const std::vector<std::vector<std::string>> classes = {
        {"a", "b", " ", "é", "Ω", "\n", "@"},
        {"a", "€", "{", "^"},
        {"€"},
        {"中", "文", "a", "【"},
        {"😀"},
        {"😀", "中", "a", "é", "\u2019"},
        {"ş", "ğ", "a", "€"},
    };
    const alphabet all[] = {{locking_shift::turkish, single_shift::none},
                            {locking_shift::none, single_shift::turkish},
                            {locking_shift::turkish, single_shift::turkish}};
    const std::span<const alphabet> nationals[] = {{}, {all + 1, 1}, {all + 2, 1}, all};
    const std::size_t sizes[] = {0,   1,   33,  35,  67,  70,  71,  76,  80, 134,
                                 135, 152, 153, 154, 160, 161, 300, 306, 460};
    std::mt19937 random(20260101);
    const auto below = [&](std::size_t n) { return random() % n; };
    for (int round = 0; round < 3000; ++round) {
        const auto& letters = classes[below(classes.size())];
        const auto size = sizes[below(std::size(sizes))] + below(4);
        std::string text;
        for (std::size_t i = 0; i < size; ++i)
            text += letters[below(letters.size())];
        const int bits = below(2) == 0 ? 8 : 16;
        const split_options options{.reference_bits = bits,
                                    .reference = static_cast<unsigned>(below(256)),
                                    .national = nationals[below(4)]};
        CAPTURE(text);
        const auto out = split(text, options);
        REQUIRE(out.has_value());
        CHECK(rejoin(*out, options) == text);
        const auto counted = measure_text(text, options);
        CHECK(counted.code == out->code);
        CHECK(counted.parts == out->parts.size());
        CHECK(counted.units == std::accumulate(out->units.begin(), out->units.end(), 0U));
        CHECK((out->code == coding::gsm7 || !ucs2_culprits(text).empty()));
        if (!out->udh)
            CHECK(encode_single(out->code, text) == out->parts[0]);
    }
}

TEST_CASE("encoding: national tables are announced only where the default tables fail") {
    const alphabet turkish[] = {{locking_shift::none, single_shift::turkish}};
    const split_options options{.national = turkish};
    CHECK(hex_of(split("abc", options)->parts[0]) == "616263");
    CHECK(hex_of(split("ş", options)->parts[0]) == "032401011b73");
    CHECK(split("中", options)->code == coding::ucs2);
    CHECK_FALSE(split("中", options)->udh);
}

TEST_CASE("encoding: a text that cannot be cut says why") {
    const std::string long_text(307, 'a');
    struct row {
        std::string text;
        split_options options;
        std::string reason;
    };
    const row rows[] = {
        {"ab\xFF",
         {},
         "the text is not UTF-8: octet 0xFF begins no valid UTF-8 character, at octet 2"},
        {long_text,
         {.max_parts = 2},
         "the text needs 3 parts, more than the 2 allowed; shorten it"},
        {"a", {.reference_bits = 7}, "reference_bits is 7; use 8 or 16"},
        {"a", {.max_parts = 0}, "max_parts is 0; use 1 to 255"},
        {"a", {.max_parts = 256}, "max_parts is 256; use 1 to 255"},
    };
    for (const auto& row : rows) {
        const auto out = split(row.text, row.options);
        REQUIRE(out.has_error());
        CHECK(out.error() == row.reason);
    }
    CHECK(split(std::string(153 * 255 + 1, 'a')).error() ==
          "the text needs 256 parts, more than the 255 allowed; shorten it");
    CHECK(measure_text(std::string(153 * 255 + 1, 'a')).parts == 256);
    CHECK(measure_text("ab\xFF").parts == 0);
    CHECK_THROWS_AS(encode_single(coding::gsm7, "中"), std::invalid_argument);
    CHECK_THROWS_AS(encode_single(coding::ucs2, "\xFF"), std::invalid_argument);
}

TEST_CASE("encoding: a reference keeps its low bits") {
    const std::string text(161, 'a');
    CHECK(hex_of(split(text, {.reference = 0x1234})->parts[1].substr(0, 6)) == "050003340202");
    CHECK(
        hex_of(split(text, {.reference_bits = 16, .reference = 0x51234})->parts[1].substr(0, 7)) ==
        "06080412340202");
}

TEST_CASE("encoding: the characters that force UCS-2 are named once, with their place") {
    const auto out = ucs2_culprits("It\u2019s `a`\u00A0\u2019 中\U0001F600");
    REQUIRE(out.size() == 5);
    const std::pair<std::string, std::size_t> rows[] = {
        {"U+2019 ’", 3}, {"U+0060 `", 6}, {"U+00A0", 9}, {"U+4E2D 中", 12}, {"U+1F600 😀", 13}};
    for (std::size_t i = 0; i < out.size(); ++i) {
        CHECK(out[i].shown == rows[i].first);
        CHECK(out[i].position == rows[i].second);
    }
    CHECK(ucs2_culprits("plain {text} €").empty());
}

TEST_CASE("encoding: of the national tables those are announced that make the fewest parts") {
    const alphabet single{locking_shift::none, single_shift::turkish},
        locking{locking_shift::turkish, single_shift::none},
        both{locking_shift::turkish, single_shift::turkish},
        spanish{locking_shift::none, single_shift::spanish};
    const alphabet offered[] = {single, locking, both, spanish};
    const auto tables_for = [&](const std::string& text) {
        const split_options options{.national = offered};
        const auto out = split(text, options);
        REQUIRE(out.has_value());
        CHECK(measure_text(text, options).parts == out->parts.size());
        return out->udh ? read_header(out->parts[0]).tables : alphabet{};
    };
    CHECK(tables_for("abc") == alphabet{});
    CHECK(tables_for("ş") == locking); // one septet, not two
    CHECK(tables_for("ş€") == locking);
    CHECK(tables_for("áÁ") == spanish);
    CHECK(tables_for("èş") == single); // the locking table has lost the è ... and ı stands there
    CHECK(tables_for("Şğé" + std::string(140, 'a')) == locking);
    CHECK(tables_for("中ş") == alphabet{}); // UCS-2
}

TEST_CASE(
    "encoding: a text of another alphabet's characters fits it octet for septet, or is UCS-2") {
    struct row {
        std::string_view text;
        char32_t up_to;
        coding code;
    };
    for (const auto& row : {row{"Hello {1}", 0x7F, coding::gsm7}, row{"Größe", 0x7F, coding::ucs2},
                            row{"Größe", 0xFF, coding::gsm7}, row{"1 €", 0xFF, coding::ucs2},
                            row{"1 €", 0x10FFFF, coding::gsm7}, row{"`", 0x7F, coding::ucs2}}) {
        CAPTURE(row.text);
        const split_options options{.gsm7_up_to = row.up_to};
        CHECK(split(row.text, options)->code == row.code);
        CHECK(measure_text(row.text, options).code == row.code);
    }
}

TEST_CASE("encoding: what the carrier adds is counted with the first part and not sent") {
    const auto repeated = [](std::string_view what, std::size_t n) {
        std::string out;
        while (n-- > 0)
            out += what;
        return out;
    };
    struct row {
        std::string adds, text;
        std::vector<unsigned> units;
    };
    for (const auto& row :
         {row{"【明湖供电】", repeated("中", 64), {64}},
          row{"【明湖供电】", repeated("中", 65), {61, 4}},
          row{"【明湖供电】", repeated("中", 61 + 67), {61, 67}},
          row{"【明湖供电】", repeated("中", 61 + 68), {61, 67, 1}},
          row{"【明湖供电】", repeated("a", 65), {61, 4}}, // with it, UCS-2
          row{"[Minghu] ", repeated("a", 149), {149}},     // brackets take two
          row{"[Minghu] ", repeated("a", 150), {142, 8}},
          row{"x", repeated("a", 151) + "€bbbbbbbbbb", {151, 12}}, // ESC is not cut off
          row{"x", "", {0}}}) {
        CAPTURE(row.text);
        const split_options options{.carrier_adds = row.adds};
        const auto out = split(row.text, options);
        REQUIRE(out.has_value());
        CHECK(out->units == row.units);
        CHECK(rejoin(*out, options) == row.text);
        const auto counted = measure_text(row.text, options);
        CHECK(counted.parts == row.units.size());
        CHECK(counted.units == std::accumulate(row.units.begin(), row.units.end(), 0U));
    }
    CHECK(split("a", {.carrier_adds = repeated("x", 161)}).error() ==
          "what the carrier adds is longer than a part");
}

} // namespace parts_test

#include "encoding/look_alikes.hpp"
#include "encoding/parts.hpp"
#include "encoding/transliterate.hpp"
#include "vectors.hpp"

#include <doctest/doctest.h>

#include <charconv>

namespace transliterate_test {

using namespace posthorn::encoding;
using namespace posthorn::encoding::test;

namespace {

char32_t code_of(std::string_view written) { // "U+2019"
    std::uint32_t code = 0;
    std::from_chars(written.data() + 2, written.data() + written.size(), code, 16);
    return code;
}

// The text among enough words that a part is saved if it can be said in GSM 7-bit at all.
std::string saved(const std::string& text) {
    const std::string words(100, 'x');
    const auto plain = transliterated(words + " " + text);
    if (!plain)
        return text;
    REQUIRE(plain->starts_with(words + " "));
    return plain->substr(words.size() + 1);
}

} // namespace

TEST_CASE("transliteration: each character of the vectors becomes what they say") {
    const auto vectors = read_vectors("sms_transliteration.json");
    for (const auto& [from, to] : vectors.at("map").as_object()) {
        CAPTURE(std::string(from));
        const auto code = code_of(from);
        std::string text;
        append_utf8(text, code);
        const auto wanted = std::string(to.as_string());
        // The full-width backtick: its own is in no part of GSM 7-bit either.
        CHECK(near_alike(code) == (wanted == "`" ? "'" : wanted));
        CHECK(septets_of(code) == 0);
        CHECK(measure_text(std::string(*near_alike(code))).code == posthorn::coding::gsm7);
    }
    for (const auto& value : vectors.at("examples").as_array()) {
        const auto& row = value.as_object();
        CAPTURE(text_at(row, "text"));
        CHECK(saved(text_at(row, "text")) == text_at(row, "out"));
    }
}

TEST_CASE("transliteration: a text is changed only where a part is saved") {
    const std::string sixty(60, 'x');
    CHECK(transliterated(sixty + "’s") == std::nullopt);  // one part as it is
    CHECK(transliterated(sixty + sixty) == std::nullopt); // needs nothing
    CHECK(transliterated(sixty + sixty + "’s") == sixty + sixty + "'s");
    CHECK(transliterated("") == std::nullopt);
    std::string dots; // 71 characters in two parts, 213 in two as well
    for (int i = 0; i < 71; ++i)
        dots += "…";
    CHECK(transliterated(dots) == std::nullopt);
}

TEST_CASE("transliteration: half of a text, an address or a number is never changed") {
    for (const auto* text : {"Привет – ok", "明湖供电 – ok", "【Minghu】’s", "it’s 😀",
                             "ngày – Việt ệ", "see https://example.com/caf\xC3\xA1 – now",
                             "www.caf\xC3\xA1.com", "1½ hours", "10² – 1", "a\xFF’"}) {
        CAPTURE(text);
        CHECK(saved(text) == text);
    }
    CHECK(saved("see https://example.com – “now”") == "see https://example.com - \"now\"");
    CHECK(saved("½ hour, 20 m²") == "1/2 hour, 20 m2");
}

TEST_CASE("transliteration: accents behind their letters join them where the alphabet has both") {
    CHECK(saved("cafe\u0301") == "caf\u00E9");
    CHECK(saved("fac\u0327ade, n\u0303, U\u0308ber") == "facade, \u00F1, \u00DCber");
    CHECK(saved("a\u0301") == "a");
    CHECK(saved("\u0301a") == "\u0301a"); // of nothing
    CHECK(saved("a\r\nb–c\rd") == "a\nb-c\rd");
}

} // namespace transliterate_test

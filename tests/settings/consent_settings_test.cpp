#include "settings/consent_settings.hpp"

#include <doctest/doctest.h>

namespace consent_settings_test {

using namespace posthorn;
using namespace posthorn::settings;

namespace {

struct outcome {
    consent_settings consent;
    std::string problems;
};

outcome read(document file) {
    auto consent = read_consent(file.root().optional_map("consent"));
    std::string told;
    for (const auto& p : file.finish())
        if (p.path.starts_with("consent")) // others' keys are not asked for here
            told += format(p);
    return {std::move(consent), std::move(told)};
}

outcome read(const std::string& yaml) {
    return read(document::parse("consent: {" + yaml + "}", "posthorn.yaml"));
}

} // namespace

TEST_CASE("consent: the shipped section says what the defaults are") {
    const auto usual = read("").consent;
    const auto shipped = read(document::load(PROJECT_DIR "/config/posthorn.yaml"));
    CHECK(shipped.problems == "");
    CHECK(shipped.consent.out == usual.out);
    CHECK(shipped.consent.in == usual.in);
    CHECK(shipped.consent.out_after_hint == usual.out_after_hint);
    CHECK(shipped.consent.hint_for == usual.hint_for);
    CHECK(shipped.consent.categories == usual.categories);
    CHECK(shipped.consent.answers.out == usual.answers.out);
    CHECK(shipped.consent.answers.in == usual.answers.in);
    CHECK(shipped.consent.answers.unchanged == usual.answers.unchanged);
    CHECK(shipped.consent.answers.stays == usual.answers.stays);
}

TEST_CASE("consent: what is given replaces the default, the rest stays") {
    const auto got = read("out: {en: [Halt]}, hint_for: 2d, categories: {survey: {en: [poll]}}");
    CHECK(got.problems == "");
    CHECK(got.consent.out == words_by_language{{"en", {"Halt"}}});
    CHECK(got.consent.in == read("").consent.in);
    CHECK(got.consent.hint_for == std::chrono::hours(48));
    CHECK(got.consent.categories.size() == 1);
}

TEST_CASE("consent: mistakes are told where they stand") {
    struct row {
        std::string yaml, told;
    };
    for (const auto& r : {
             row{"out: [STOP]", "consent.out"},
             row{"out: {en: STOP}", "consent.out.en"},
             row{"out: {en: ['!!']}", "'!!' is no word"},
             row{"in: {en: [stop]}", "'stop' stands in out too"},
             row{"out_after_hint: {zh-CN: [ｔｄ]}", "'ｔｄ' stands in out too"},
             row{"hint_for: soon", "consent.hint_for"},
             row{"categories: {biling: {en: [b]}}", "did you mean 'billing'?"},
             row{"categories: {billing: {en: [b]}, survey: {en: [B]}}",
                 "'B' stands in billing too"},
             row{"answers: {out: {}}", "has no text in any language"},
             row{"answers: {gone: {en: x}}", "unknown key 'gone'"},
             row{"words: {}", "unknown key 'words'"},
         }) {
        CAPTURE(r.yaml);
        const auto told = read(r.yaml).problems;
        CAPTURE(told);
        CHECK(told.find(r.told) != std::string::npos);
    }
}

} // namespace consent_settings_test

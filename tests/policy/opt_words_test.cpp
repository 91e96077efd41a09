#include "policy/opt_words.hpp"

#include <doctest/doctest.h>

namespace opt_words_test {

using namespace posthorn;
using namespace posthorn::policy;
using namespace std::chrono_literals;

namespace {

opt_words shipped() {
    auto file = settings::document::parse("a: b\n", "posthorn.yaml");
    return opt_words(settings::read_consent(file.root().optional_map("consent")));
}

// "out billing zh-CN", "out all en after a hint"; "" for none
std::string read(const opt_words& words, std::string_view text) {
    const auto w = words.read(text);
    if (!w)
        return {};
    return (w.what == opt_wish::kind::out ? "out " : "in ") +
           std::string(category_or_all(w.which)) + " " + w.language +
           (w.after_hint ? " after a hint" : "");
}

} // namespace

TEST_CASE("opt-out: a word alone or with a category, however it is typed; nothing else") {
    const auto words = shipped();
    struct row {
        const char* text;
        const char* means;
    };
    for (const auto& r : {
             row{"TD", "out all zh-CN"},
             row{"td", "out all zh-CN"},
             row{"ＴＤ", "out all zh-CN"},
             row{" 退订。", "out all zh-CN"},
             row{"“退订”", "out all zh-CN"},
             row{"取消订阅", "out all zh-CN"},
             row{"Stop!", "out all en"},
             row{"STOPALL", "out all en"},
             row{"STOP ALL", "out all en"},
             row{"退订 全部", "out all zh-CN"},
             row{"unsubscribe", "out all en"},
             row{"退订 账单", "out billing zh-CN"},
             row{"退订账单", "out billing zh-CN"},
             row{"退订：电费", "out billing zh-CN"},
             row{"TD 账单", "out billing zh-CN"},
             row{"td账单", "out billing zh-CN"},
             row{"ｔｄ　营销", "out marketing zh-CN"},
             row{"STOP billing", "out billing en"},
             row{"stop: ADS.", "out marketing en"},
             row{"退订停电", "out statutory zh-CN"},
             row{"恢复", "in all zh-CN"},
             row{"恢复订阅", "in all zh-CN"},
             row{"恢复 账单", "in billing zh-CN"},
             row{"恢复订阅账单", "in billing zh-CN"},
             row{"start", "in all en"},
             row{"UNSTOP ads", "in marketing en"},
             row{"T", "out all zh-CN after a hint"},
             row{"ｎ", "out all zh-CN after a hint"},
             row{"0000", "out all zh-CN after a hint"},
             row{"cancel", "out all en after a hint"},
             // other texts
             row{"不要退订", ""},
             row{"我要退订账单吗", ""},
             row{"退订账单和营销", ""},
             row{"STOP sending me the bill twice, call me", ""},
             row{"STOPBILLING", ""},
             row{"TD123", ""},
             row{"TDX", ""},
             row{"STOP IT", ""},
             row{"T 账单", ""}, // everyday words alone only
             row{"N 3", ""},
             row{"账单", ""},
             row{"No", ""},
             row{"THE END", ""},
             row{"restart", ""},
             row{"", ""},
             row{"。", ""},
             row{"\xFF\xFE", ""},
         }) {
        CAPTURE(r.text);
        CHECK(read(words, r.text) == r.means);
    }
}

TEST_CASE("opt-out: everyday words count only with no question open and after a hint") {
    const auto words = shipped();
    const instant now = from_micros(1'760'000'000'000'000);
    const auto everyday = words.read("N");
    const auto plain = words.read("TD");
    REQUIRE(everyday.after_hint);
    struct row {
        bool question;
        std::optional<instant> hint;
        bool counts;
    };
    for (const auto& r : {row{false, now - 1h, true}, row{false, now - 7 * 24h, true},
                          row{false, now - 7 * 24h - 1s, false}, row{false, std::nullopt, false},
                          row{true, now - 1h, false}}) {
        CAPTURE(r.question);
        CAPTURE(r.hint.has_value());
        CHECK(words.counts(everyday, r.question, r.hint, now) == r.counts);
        CHECK(words.counts(plain, r.question, r.hint, now)); // always
    }
    CHECK_FALSE(words.counts(words.read("余额"), false, now, now));
}

TEST_CASE("opt-out: the answer is in the word's language, names the category and says what stays") {
    const auto words = shipped();
    const auto told = [&](const char* text, bool changed) {
        return words.answer(words.read(text), changed);
    };
    CHECK(told("td", true) ==
          "您已退订全部短信。停电、欠费停电等法定通知仍会发送。回复“恢复”可重新接收。");
    CHECK(told("退订 电费", true).find("您已退订账单短信") == 0);
    CHECK(
        told("STOP ads", true) ==
        "You have opted out of marketing messages. Statutory notices (outages, disconnection) are "
        "still sent. Reply START to get the others again.");
    CHECK(told("TD", false).empty()); // it was confirmed before
    CHECK(told("恢复", true) == "您已恢复接收全部短信。回复“退订”可再次退订。");
    CHECK(told("START", false) == "You have not opted out of all messages.");
    CHECK(told("退订 停电", false) == "停电通知等法定通知关系用电安全，不能退订。");
    CHECK(words.read("退订 停电").stays());
    CHECK_FALSE(words.read("退订").stays());
    CHECK(told("余额", true).empty());
}

TEST_CASE("opt-out: an answer that a language lacks is told in English, else in what there is") {
    auto file = settings::document::parse("consent: {out: {fr: [ARRET]}, answers: {in: {de: X}}}\n",
                                          "posthorn.yaml");
    const opt_words words(settings::read_consent(file.root().optional_map("consent")));
    CHECK(words.answer(words.read("arret"), true).find("You have opted out of all messages") == 0);
    CHECK(words.answer(words.read("START"), true) == "X");
}

} // namespace opt_words_test

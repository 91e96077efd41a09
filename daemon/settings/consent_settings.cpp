#include "settings/consent_settings.hpp"

#include "encoding/plain_text.hpp"

namespace posthorn::settings {

namespace {

using namespace std::chrono_literals;

consent_settings usual() {
    consent_settings c;
    c.out = {{"zh-CN", {"退订", "取消订阅", "TD"}},
             {"en", {"STOP", "STOPALL", "UNSUBSCRIBE", "QUIT", "END"}}};
    c.in = {{"zh-CN", {"恢复", "恢复订阅"}}, {"en", {"START", "UNSTOP"}}};
    c.out_after_hint = {{"zh-CN", {"T", "N", "R", "QX", "取消", "0000"}}, {"en", {"CANCEL"}}};
    c.hint_for = 7 * 24h;
    c.categories = {
        {std::nullopt, {{"zh-CN", {"全部", "所有"}}, {"en", {"all"}}}},
        {category::statutory, {{"zh-CN", {"停电通知", "停电"}}, {"en", {"outage", "outages"}}}},
        {category::service, {{"zh-CN", {"服务"}}, {"en", {"service"}}}},
        {category::billing, {{"zh-CN", {"账单", "电费"}}, {"en", {"billing", "bill", "bills"}}}},
        {category::marketing,
         {{"zh-CN", {"营销", "推广", "促销", "广告"}}, {"en", {"marketing", "ads"}}}},
        {category::survey, {{"zh-CN", {"调查", "问卷"}}, {"en", {"survey", "surveys"}}}}};
    c.answers.out = {
        {"zh-CN", "您已退订{what}短信。停电、欠费停电等法定通知仍会发送。回复“恢复”可重新接收。"},
        {"en", "You have opted out of {what} messages. Statutory notices (outages, disconnection) "
               "are still sent. Reply START to get the others again."}};
    c.answers.in = {{"zh-CN", "您已恢复接收{what}短信。回复“退订”可再次退订。"},
                    {"en", "You will get {what} messages again. Reply STOP to opt out."}};
    c.answers.unchanged = {{"zh-CN", "您没有退订{what}短信，无需恢复。"},
                           {"en", "You have not opted out of {what} messages."}};
    c.answers.stays = {{"zh-CN", "{what}等法定通知关系用电安全，不能退订。"},
                       {"en", "Statutory notices ({what}) are always sent: you cannot opt out of "
                              "them."}};
    return c;
}

// Each word must be one, and say one thing.
class words_reader {
public:
    words_by_language read(reader from, const std::string& key, words_by_language fallback,
                           const std::string& means) {
        auto map = from.optional_map(key);
        auto all = map.is_void() ? std::move(fallback) : words_by_language();
        for (const auto& language : map.keys())
            all[language] = map.texts(language);
        for (const auto& [language, words] : all)
            for (const auto& word : words)
                check(from, key, word, means);
        return all;
    }

private:
    void check(reader& from, const std::string& key, const std::string& word,
               const std::string& means) {
        const auto plain = encoding::plain_text(word);
        if (plain.empty())
            return from.fail(key, "'" + word + "' is no word: it has punctuation only");
        const auto [known, fresh] = meanings_.emplace(plain, means);
        if (!fresh && known->second != means)
            from.fail(key, "'" + word + "' stands in " + known->second + " too");
    }

    std::map<std::string, std::string> meanings_; // the list, by word
};

void read_answer(reader answers, const std::string& key, std::map<std::string, std::string>& into) {
    auto map = answers.optional_map(key);
    if (map.is_void())
        return;
    into.clear();
    for (const auto& language : map.keys())
        into[language] = map.text(language);
    if (into.empty())
        answers.fail(key, "has no text in any language");
}

void read_categories(reader map, consent_settings& c) {
    words_reader names;
    auto categories = map.optional_map("categories");
    if (!categories.is_void())
        c.categories.clear();
    for (const auto& name : categories.keys()) {
        const auto which = value_named<category>(category_names, name);
        if (!which && name != all_categories) {
            std::vector<std::string_view> known(category_names.begin(), category_names.end());
            known.push_back(all_categories);
            categories.fail(name, "is no category" + did_you_mean(name, known));
            categories.kind(name);
            continue;
        }
        c.categories[which] = names.read(categories, name, {}, name);
    }
}

} // namespace

consent_settings read_consent(reader map) {
    auto c = usual();
    if (map.is_void())
        return c;
    words_reader words;
    c.out = words.read(map, "out", c.out, "out");
    c.in = words.read(map, "in", c.in, "in");
    c.out_after_hint = words.read(map, "out_after_hint", c.out_after_hint, "out_after_hint");
    c.hint_for = map.duration("hint_for", c.hint_for, {.least = 1h, .most = 90 * 24h});
    read_categories(map, c);
    auto answers = map.optional_map("answers");
    if (answers.is_void())
        return c;
    read_answer(answers, "out", c.answers.out);
    read_answer(answers, "in", c.answers.in);
    read_answer(answers, "unchanged", c.answers.unchanged);
    read_answer(answers, "stays", c.answers.stays);
    return c;
}

} // namespace posthorn::settings

#include "one_type.hpp"

#include "templates/lint.hpp"

namespace lint_test {

using namespace posthorn;
using namespace posthorn::templates;

namespace {

constexpr const char* fields = R"(
  account_name: {kind: text}
  account: {kind: text}
  order: {kind: text}
  phone: {kind: number}
  card: {kind: text, required: false}
  note: {kind: text, required: false}
  shops: {kind: list, of: {kind: object, fields: {shop_name: {kind: text}, code: {kind: text}}}}
)";

constexpr const char* sample = R"({"account_name": "张三", "account": "3100123456789",
  "order": "DD-0153", "phone": "13812345678", "note": "bring your papers",
  "shops": [{"shop_name": "Blue", "code": "330108205678"}]})";

// The text begins in line 10, column 5 of "t.yaml".
std::string lintable(const std::string& text, const std::string& category = "service",
                     const std::string& language = "en") {
    auto file = templates::file_of(text, language, fields, sample);
    const std::string usual = "category: service";
    return file.replace(file.find(usual), usual.size(), "category: " + category);
}

// "LINE:COLUMN LANGUAGE SEVERITY: WHAT; ADVICE" for each finding.
std::string findings_of(const std::string& file, const lint_rules& rules = {}) {
    const auto made = type_of(file);
    CHECK(settings::format(made.problems) == "");
    REQUIRE(made.type);
    std::string out;
    const auto report = lint(*made.type, settings::document::parse(file, "t.yaml"), rules);
    for (const auto& f : report.findings)
        out += std::to_string(f.at.line) + ":" + std::to_string(f.at.column) + " " + f.language +
               " " + std::string(name_of(f.severity)) + ": " + f.what + "; " + f.advice + "\n";
    return out;
}

lint_rules forbidding(const char* words) {
    lint_rules rules;
    rules.forbidden = forbidden_words(words);
    return rules;
}

} // namespace

TEST_CASE("lint: a good text has no findings") {
    CHECK(findings_of(lintable("Dear {{ account_name | mask_name }}, {{ order }} is ready. "
                               "Account {{ account | mask_number }}, card "
                               "{{ card | default(\"none\") | last(4) }}.")) == "");
    CHECK(findings_of(lintable("您的订单{{ order }}已发货，请注意查收。", "service", "zh-CN")) ==
          "");
}

TEST_CASE("lint: a name or number in full is told with its place and its mask") {
    const struct {
        const char* text;
        const char* told;
    } rows[] = {
        {"Dear {{ account_name }}",
         "10:13 en warning: 'account_name' is shown in full: it is somebody's name; write "
         "account_name | mask_name\n"},
        {"{{ order }}: {{ account }}",
         "10:21 en warning: 'account' is shown in full: it is a number of somebody's; write "
         "account | mask_number, or | last(4)\n"},
        {"{{ order }}: {{ account | last(10) }}", "10:21 en warning: 'account' is shown in full"},
        {"{{ order }}: {{ account | upper }}", "10:21 en warning: 'account' is shown in full"},
        {"one\ntwo {{ phone }}", "11:12 en warning: 'phone' is shown in full"},
        {"{{ order }}{% if card %}{{ card }}{% endif %}",
         "10:32 en warning: 'card' is shown in full"},
        {"{{ order }}{% for s in shops %}{{ s.code }}{% endfor %}",
         "10:39 en warning: 's.code' is shown in full: it is a number of somebody's"},
        {"{{ order }}{% for s in shops %}{{ s.shop_name | truncate(9) }}{% endfor %}",
         "10:39 en warning: 's.shop_name' is shown in full: it is somebody's name; write "
         "s.shop_name | mask_name\n"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto told = findings_of(lintable(row.text));
        CAPTURE(told);
        CHECK(told.starts_with(row.told));
        CHECK(std::ranges::count(told, '\n') == 1);
    }
    // Staff knows names; numbers are masked for them too.
    const std::string all = "{% for s in shops %}{{ s.shop_name }} {{ s.code }}{% endfor %} ok";
    CHECK(findings_of(lintable(all, "staff")).starts_with("10:46 en warning: 's.code' is shown"));
}

TEST_CASE("lint: what makes an English text UCS-2 is told with what to write instead") {
    const auto told = findings_of(lintable("Don’t wait – order {{ order }}\n"
                                           "{{ note | default(\"your “papers”\") }} today…"));
    CHECK(told == "10:8 en warning: U+2019 ’ makes it UCS-2: 70 characters a part, not 160; "
                  "write '\n"
                  "10:16 en warning: U+2013 – makes it UCS-2: 70 characters a part, not 160; "
                  "write -\n"
                  "11:29 en warning: U+201C “ makes it UCS-2: 70 characters a part, not 160; "
                  "write \"\n"
                  "11:36 en warning: U+201D ” makes it UCS-2: 70 characters a part, not 160; "
                  "write \"\n"
                  "11:48 en warning: U+2026 … makes it UCS-2: 70 characters a part, not 160; "
                  "write ...\n");
    CHECK(findings_of(lintable("Ready:\u00A0{{ order }} is here"))
              .ends_with("U+00A0 makes it UCS-2: 70 characters a part, not 160; write a plain "
                         "space\n"));
    CHECK(findings_of(lintable("Votre commande {{ order }} est prête", "service", "fr"))
              .ends_with("say it with other characters, or have it cost more parts\n"));
    auto signed_otherwise = lintable("Your order {{ order }} is on its way to you, thank you.");
    signed_otherwise.replace(signed_otherwise.find("signature: S"), 12, "signature: S™");
    CHECK(findings_of(signed_otherwise)
              .starts_with("7:12 en warning: U+2122 ™ of the signature makes it UCS-2"));
}

TEST_CASE("lint: a type that transliterates is told of no character that becomes another") {
    auto type = lintable("Votre commande {{ order }} est prête – merci ☃");
    const auto in = type.find("signature:");
    CHECK(findings_of(type).find("U+00EA ê makes it UCS-2: 70 characters a part, not 160; say "
                                 "`transliterate: yes`, say it with") != std::string::npos);
    type.insert(in, "transliterate: yes\n");
    const auto told = findings_of(type);
    CHECK(told.find("U+00EA") == std::string::npos);
    CHECK(told.find("U+2013") == std::string::npos);
    CHECK(told.find("U+2603 ☃ makes it UCS-2") != std::string::npos);
}

TEST_CASE("lint: forbidden words are found as written, in the signature and in the sample") {
    const auto rules = forbidding("free gift # blocked\n\nＷＩＮＮＥＲ\n最佳\npapers\n");
    CHECK(findings_of(lintable("{{ order }}: a Free\nGift for you"), rules) ==
          "10:20 en error: 'free gift' is a forbidden word; say it otherwise\n");
    CHECK(findings_of(lintable("{{ order }}的最佳选择：ｗinner！", "service", "zh-CN"), rules) ==
          "10:17 zh-CN error: '最佳' is a forbidden word; say it otherwise\n"
          "10:22 zh-CN error: 'ＷＩＮＮＥＲ' is a forbidden word; say it otherwise\n");
    CHECK(findings_of(lintable("{{ order }}: {{ note | default(\"nothing\") }}"), rules) ==
          "9:7 en error: 'papers' is a forbidden word, and the text of the sample has it; say it "
          "otherwise, in the signature or the sample too\n");
    CHECK(findings_of(lintable("{{ order }}: no winners, no prizewinner, no papersack"), rules) ==
          "");
}

TEST_CASE("lint: a text that nearly fills its part, or has too many, is told") {
    const auto words = [](std::size_t septets) { // behind "[S] ", which counts six
        return "{{ order }}" + std::string(septets - 6 - 7, 'x');
    };
    CHECK(findings_of(lintable(words(156))) == "");
    CHECK(findings_of(lintable(words(157))) ==
          "9:7 en warning: the sample's text has 1 part, and room for 3 characters more: real "
          "data will often cost another part; shorten it by a few characters\n");
    CHECK(findings_of(lintable(words(160))).find("room for nothing more") != std::string::npos);
    CHECK(findings_of(lintable(words(161))) == "");
    CHECK(findings_of(lintable(words(305))).find("has 2 parts, and room for 1 character more") !=
          std::string::npos);
    lint_rules rules;
    rules.max_parts = 2;
    CHECK(findings_of(lintable(words(310)), rules) ==
          "9:7 en error: the sample's text has 3 parts, more than `max_parts` (2): such an event "
          "is parked; shorten it\n");
}

TEST_CASE("lint: a language that most types have is missed, unless a relative serves it") {
    lint_rules rules;
    rules.languages = {"en-GB", "zh-CN"};
    CHECK(findings_of(lintable("Your order {{ order }}"), rules) ==
          "9:3 zh-CN warning: there is no text in 'zh-CN', which most types have; write one; "
          "until then its readers get the text in en\n");
}

TEST_CASE("lint: an e-mail is looked over as a text is") {
    const auto with_email = [](const std::string& email) {
        auto file = lintable("Your order {{ order }}");
        file.replace(file.find("whom: [number]\n"), 15, "whom: [number]\nchannels: [sms, email]\n");
        return file + "\nemails:\n  en:\n" + email;
    };
    CHECK(findings_of(with_email("    subject: Order {{ order }}\n    plain: Account "
                                 "{{ account | mask_number }}\n    html: <b>{{ order }}</b>\n")) ==
          "");
    const auto found = findings_of(with_email("    subject: A free gift\n"
                                              "    plain: For {{ account_name }}\n"
                                              "    html: <p>{{ account }} free</p>\n"),
                                   forbidding("free\n"));
    for (const auto* what : {"en error: 'free' is a forbidden word",
                             "'account_name' is shown in full: it is somebody's name",
                             "'account' is shown in full: it is a number of somebody's"})
        CHECK_MESSAGE(found.find(what) != std::string::npos, what << " is missing in:\n" << found);
    CHECK(std::ranges::count(found, '\n') == 4);
}

TEST_CASE("lint: where there is no text for phones, languages are missed among e-mails") {
    auto file = lintable("Your order {{ order }}");
    file.replace(file.find("whom: [number]\n"), 15, "whom: [account]\nchannels: [email]\n");
    const auto texts = file.find("signature:");
    file.erase(texts, file.find("\nsample:") + 1 - texts);
    file += "\nemails: {en: {subject: s, plain: p}}\n";
    lint_rules rules;
    rules.languages = {"en-GB", "zh-CN"};
    const auto found = findings_of(file, rules);
    CHECK(found.find(
              "zh-CN warning: there is no e-mail in 'zh-CN', which most types have; write one; "
              "until then its readers get the e-mail in en") != std::string::npos);
    CHECK(std::ranges::count(found, '\n') == 1);
}

TEST_CASE("lint: the languages in use are those of more than half of the types") {
    const auto in = [](std::vector<const char*> languages) {
        event_type type;
        for (const auto* language : languages)
            type.texts.push_back({language, {}, {}});
        return type;
    };
    CHECK(languages_in_use({}) == std::vector<std::string>{});
    CHECK(languages_in_use({in({"en"}), in({"zh-CN"})}) == std::vector<std::string>{});
    CHECK(languages_in_use({in({"de", "en", "zh-CN"}), in({"zh-CN"}), in({"en", "zh-CN"})}) ==
          std::vector<std::string>{"en", "zh-CN"});
}

TEST_CASE("lint: the size of each sample is told") {
    const auto file = lintable("Your order {{ order }}");
    const auto made = type_of(file);
    REQUIRE(made.type);
    const auto report = lint(*made.type, settings::document::parse(file, "t.yaml"), {});
    REQUIRE(report.samples.size() == 1);
    CHECK(report.samples[0].language == "en");
    CHECK(report.samples[0].code == coding::gsm7);
    CHECK(report.samples[0].parts == 1);
    CHECK(report.samples[0].room == 160 - 6 - 18);
}

} // namespace lint_test

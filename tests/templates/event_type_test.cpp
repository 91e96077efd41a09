#include "one_type.hpp"

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace event_type_test {

using namespace posthorn;
using namespace posthorn::templates;
using namespace std::chrono_literals;

namespace {

const std::string good = "name: t\ncategory: billing\npriority: normal\nwhom: [number]\n"
                         "validity: 1h\nsignature: S\nfields: {x: {kind: text}}\n"
                         "texts: {en: \"{{ x }}\"}\nsample: {x: hi}\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

} // namespace

TEST_CASE("templates: each mistake of a type file is told") {
    const struct {
        const char* from;
        const char* to;
        const char* told;
    } rows[] = {
        {"name: t", "name: u", "t.yaml:1:7: name: must be the name of the file, 't', is 'u'"},
        {"billing", "biling",
         "t.yaml:2:11: category: must be one of statutory, service, billing, marketing, survey, "
         "staff, is 'biling' (did you mean 'billing'?)"},
        {"priority: normal\n", "", "t.yaml:1:1: missing key 'priority'"},
        {"[number]", "[nmber]",
         "t.yaml:4:7: whom: must be one of number, customer, account, group, area, topic, role, "
         "email, is "
         "'nmber' (did you mean 'number'?)"},
        {"whom: [number]\n", "",
         "t.yaml:1:1: whom: say whom events of this type may be for, like [number, customer]"},
        {"signature: S", "signature: \"\u3000 \"",
         "t.yaml:6:12: signature: is blank: write who sends the text"},
        {"{kind: text}", "{kind: choice, choices: []}",
         "t.yaml:7:37: fields.x.choices: names no choice"},
        {"whom: [number]", "whom: []",
         "t.yaml:4:7: whom: say whom events of this type may be for, like [number, customer]"},
        {"1h", "1",
         "t.yaml:5:11: validity: must be a time with its unit (500ms, 60s, 5m, 24h, 90d), "
         "is '1'"},
        {"signature: S", "signature: 【S】",
         "t.yaml:6:12: signature: is written without brackets: they are put around it"},
        {"signature: S", "signature: {zh-CN: S}", "t.yaml:6:12: signature: missing key 'en'"},
        {"signature: S\n", "", "t.yaml:1:1: missing key 'signature'"},
        {"signature: S", "signature: S\nzone: Asia/Shanghi",
         "t.yaml:7:7: zone: unknown time zone 'Asia/Shanghi' (did you mean 'Asia/Shanghai'?)"},
        {"signature: S", "signature: S\nvulnerable: nevr",
         "t.yaml:7:13: vulnerable: must be one of always, never, is 'nevr' (did you mean "
         "'never'?)"},
        {"signature: S", "signature: S\nchanels: [sms]",
         "t.yaml:7:1: unknown key 'chanels' (did you mean 'channels'?)"},
        {"signature: S", "signature: S\nchannels: [fax]",
         "t.yaml:7:11: channels: must be one of sms, email, is 'fax'"},
        {"[number]", "[number, area]\nredact: sent",
         "t.yaml:5:9: redact: what is told to many cannot be forgotten with the first of them: "
         "say whom: [number]"},
        {"[number]", "[area]\ncontacts: [payer, \" \"]",
         "t.yaml:5:11: contacts: has a blank word: leave it out, or say what it means"},
        {"1h", "1h\nonly_told: yes",
         "t.yaml:6:12: only_told: say with withdraws: of which types one was told"},
        {"1h", "1h\nwithdraws: [\" \"]",
         "t.yaml:6:12: withdraws: has a blank word: leave it out, or say what it means"},
        {"[number]", "[area]\ncollapse: {by: meter, hold: 30s}",
         "t.yaml:5:16: collapse.by: must be one of number, account, customer, is 'meter'"},
        {"[number]", "[area]\ncollapse: {by: number}", "t.yaml:5:11: collapse: missing key 'hold'"},
        {"1h", "1h\nfailover: {after: 30s}",
         "t.yaml:6:11: failover.on: say when: [undelivered, no_receipt], or one of them"},
        {"1h", "1h\nfailover: {on: [no_receipt]}", "t.yaml:6:11: failover: missing key 'after'"},
        {"1h", "1h\nfailover: {on: [no_receipt], after: 2h}",
         "t.yaml:6:37: failover.after: must be shorter than `validity`, after which nothing is "
         "sent"},
        {"1h", "1h\nfailover: {on: [undelivered], after: 30s}",
         "t.yaml:6:38: failover.after: is how long a receipt is waited for: say on: [no_receipt]"},
        {"[number]", "[area]\none_per: meter",
         "t.yaml:5:10: one_per: must be one of number, account, customer, is 'meter'"},
        {"{kind: text}", "{kind: txt}",
         "t.yaml:7:20: fields.x.kind: must be one of text, integer, decimal, money, date, time, "
         "boolean, choice, list, object, number, is 'txt' (did you mean 'text'?)"},
        {"{kind: text}", "{kind: money}", "t.yaml:7:13: fields.x: missing key 'currency'"},
        {"{kind: text}", "{kind: text, requird: true}",
         "t.yaml:7:26: fields.x: unknown key 'requird' (did you mean 'required'?)"},
        {"fields: {x: {", "fields: {X: {",
         "t.yaml:7:13: fields.X: is no name for a field: use a-z, "
         "0-9 and _"},
        {"{en: \"{{ x }}\"}", "{en: x, de: y}", "t.yaml:1:1: missing key 'default_language'"},
        {"{en: \"{{ x }}\"}", "{xx-yy-zzzzzzzzzz: y}",
         "t.yaml:8:27: texts.xx-yy-zzzzzzzzzz: 'xx-yy-zzzzzzzzzz' is no language; write zh-CN, en, "
         ".."},
        {"{en: \"{{ x }}\"}", "{}", "t.yaml:8:8: texts: has no text in any language"},
        {"signature: S", "signature: S\ndefault_language: de",
         "t.yaml:7:19: default_language: there is no text in 'de'"},
        {"{x: hi}", "{}", "t.yaml:9:9: sample: missing field 'x'"},
        {"{x: hi}", "{x: hi, y: 1}", "t.yaml:9:17: sample: unknown key 'y'"},
        {"sample: {x: hi}\n", "", "t.yaml:1:1: missing key 'sample'"},
    };
    REQUIRE(settings::format(type_of(good).problems) == "");
    for (const auto& row : rows) {
        CAPTURE(std::string(row.told));
        const auto told = settings::format(type_of(replaced(good, row.from, row.to)).problems);
        CAPTURE(told);
        CHECK(told.find(row.told + std::string("\n")) != std::string::npos);
    }
}

TEST_CASE("templates: a mistake in 'whom' is told once") {
    for (const auto* written : {"number", "[nmber]", "[]", ""}) {
        CAPTURE(written);
        const auto made = type_of(replaced(good, "[number]", written));
        CHECK(made.problems.size() == 1);
    }
}

TEST_CASE("templates: a currency must exist and brings its minor digits") {
    const auto declare = [](const char* field) {
        return type_of(
            replaced(replaced(good, "{kind: text}", field), "{{ x }}", "{{ x | money('plain') }}"));
    };
    CHECK(settings::format(declare("{kind: money, currency: QQQ}").problems)
              .find("currency: must be an ISO 4217 code like CNY, is 'QQQ'") != std::string::npos);
    auto made =
        type_of(replaced(replaced(replaced(good, "{kind: text}", "{kind: money, currency: JPY}"),
                                  "{{ x }}", "{{ x | money('plain') }}"),
                         "x: hi", "x: 5"));
    REQUIRE(made.type);
    CHECK(made.type->fields[0].minor_digits == 0);
}

TEST_CASE("templates: what a type leaves out follows from its category and priority") {
    const struct {
        const char* category;
        on_uncertain doubt;
    } rows[] = {{"statutory", on_uncertain::resend}, {"service", on_uncertain::resend},
                {"billing", on_uncertain::hold},     {"marketing", on_uncertain::hold},
                {"survey", on_uncertain::hold},      {"staff", on_uncertain::hold}};
    for (const auto& row : rows) {
        CAPTURE(row.category);
        const auto made = type_of(replaced(good, "billing", row.category));
        REQUIRE(made.type);
        CHECK(made.type->doubt == row.doubt);
        CHECK(made.type->uncertain_wait == 60s);
        CHECK(made.type->hold_for == 24h);
        CHECK(made.type->channels == std::vector{channel::sms});
        CHECK(made.type->zone.name() == "UTC");
        CHECK(made.type->default_language == "en");
    }
    const auto urgent = type_of(replaced(good, "normal", "urgent"));
    REQUIRE(urgent.type);
    CHECK(urgent.type->uncertain_wait == 10s);
}

TEST_CASE("templates: a type says when its texts go by another account; else they never do") {
    const auto without = type_of(good);
    REQUIRE(without.type);
    CHECK(!without.type->failover);
    const struct {
        std::string written;
        failover_rule means;
    } rows[] = {
        {"{on: [undelivered]}", {.undelivered = true}},
        {"{on: [no_receipt], after: 30s, at_most: 2}",
         {.no_receipt = true, .after = 30s, .at_most = 2}},
        {"{on: [undelivered, no_receipt], after: 1m}",
         {.undelivered = true, .no_receipt = true, .after = 60s}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.written);
        const auto made = type_of(replaced(good, "1h", "1h\nfailover: " + row.written));
        REQUIRE(made.type);
        CHECK(made.type->failover == row.means);
    }
}

TEST_CASE("templates: the wording is the one asked for, a related one or the default") {
    const auto made = type_of(replaced(
        good, "texts: {en: \"{{ x }}\"}",
        "default_language: en\ntexts: {zh-CN: \"中{{ x }}\", en: \"e{{ x }}\", fr: \"f{{ x }}\"}"));
    CHECK(settings::format(made.problems) == "");
    REQUIRE(made.type);
    const struct {
        const char* asked;
        const char* text;
        const char* language;
    } rows[] = {{"zh-CN", "【S】中hi", "zh-CN"}, {"ZH_cn", "【S】中hi", "zh-CN"},
                {"zh", "【S】中hi", "zh-CN"},    {"zh-TW", "【S】中hi", "zh-CN"},
                {"en-GB", "[S] ehi", "en"},      {"fr", "[S] fhi", "fr"},
                {"de", "[S] ehi", "en"},         {"", "[S] ehi", "en"}};
    renderer r;
    for (const auto& row : rows) {
        CAPTURE(row.asked);
        const auto text = r.render(*made.type, row.asked, {{"x", "hi"}});
        REQUIRE(text.has_value());
        CHECK(text->text == row.text);
        CHECK(text->language == row.language);
    }
}

TEST_CASE("templates: a directory gives its good types sorted and every problem of every bad one") {
    const auto folder =
        std::filesystem::temp_directory_path() / ("posthorn-types-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    const auto write = [&](const char* name, const std::string& text) {
        std::ofstream(folder / name) << text;
    };
    write("z.yaml", replaced(good, "name: t", "name: z"));
    write("a.b.yaml", replaced(good, "name: t", "name: a.b"));
    write("bad.yaml", replaced(replaced(good, "name: t", "name: bad"), "{{ x }}", "{{ y }}"));
    write("worse.yaml", "a: [\n");
    write("c.yml", "nobody reads it");
    write("notes.txt", "nothing to see");
    write(".hidden.yaml", "- no");
    const auto loaded = load_types(folder, zone::utc());
    REQUIRE(loaded.types.size() == 2);
    CHECK(loaded.types[0].name == "a.b");
    CHECK(loaded.types[1].name == "z");
    REQUIRE(loaded.problems.size() == 3);
    CHECK(loaded.problems[0].file == (folder / "c.yml").string());
    CHECK(loaded.problems[0].what == "is not read: name it c.yaml");
    CHECK(loaded.problems[1].file == (folder / "bad.yaml").string());
    CHECK(loaded.problems[1].line == 8);
    CHECK(loaded.problems[2].file == (folder / "worse.yaml").string());
    std::filesystem::remove_all(folder);
    CHECK(load_types(folder, zone::utc()).problems.size() == 1);
}

TEST_CASE("type: statutory and staff texts ask for no consent, others may say that they do not") {
    struct row {
        const char* category;
        const char* more;
        bool needs_consent;
        const char* told; // empty: it is fine
    };
    for (const auto& r :
         {row{"billing", "", true, ""}, row{"service", "needs_consent: no\n", false, ""},
          row{"marketing", "opt_out_hint: yes\n", true, ""}, row{"statutory", "", false, ""},
          row{"staff", "", false, ""},
          row{"statutory", "needs_consent: yes\n", true, "nobody can opt out of statutory texts"},
          row{"staff", "opt_out_hint: yes\n", false, "its texts must not say so"},
          row{"billing", "needs_consent: no\nopt_out_hint: yes\n", false, "must not say so"}}) {
        CAPTURE(r.category);
        CAPTURE(r.more);
        auto text = file_of("hello", "en");
        text.replace(text.find("service"), 7, r.category);
        posthorn::settings::problem_list problems;
        const auto type = read_type(r.more + text, "t.yaml", zone::utc(), problems);
        CAPTURE(posthorn::settings::format(problems));
        CHECK(type.has_value() == (*r.told == 0));
        if (type)
            CHECK(type->needs_consent == r.needs_consent);
        else
            CHECK(posthorn::settings::format(problems).find(r.told) != std::string::npos);
    }
}

} // namespace event_type_test

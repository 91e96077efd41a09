#include "topics/topic_file.hpp"

#include "cli/scratch.hpp"
#include "topics/directory.hpp"

#include <doctest/doctest.h>

namespace file_test {

using namespace posthorn;
using namespace posthorn::topics;
using namespace std::chrono_literals;

namespace {

settings::consent_settings consent() {
    settings::consent_settings c;
    c.categories[std::nullopt]["en"] = {"all"};
    c.categories[category::statutory]["en"] = {"outage", "outages"};
    c.categories[category::marketing]["en"] = {"ads"};
    return c;
}

const std::vector<templates::event_type>& types() {
    static const auto loaded =
        templates::load_types(PROJECT_DIR "/config/types", templates::zone::utc());
    return loaded.types;
}

const std::vector<commands::lookup_shape> lookups{
    {"all_sales",
     {},
     {{.name = "day", .kind = templates::kind::date},
      {.name = "amount", .kind = templates::kind::money, .currency = "CNY"},
      {.name = "quantity", .kind = templates::kind::integer},
      {.name = "margin", .kind = templates::kind::money, .currency = "CNY"},
      {.name = "month", .kind = templates::kind::money, .currency = "CNY"}},
     {{"day", "2026-11-25"},
      {"amount", 1280},
      {"quantity", 36},
      {"margin", 2150},
      {"month", 99999}}},
    {"of_area", {"area"}, {{.name = "item"}}, {{"item", "DB-01"}}},
};

loaded_topics load(const scratch& dir) {
    return load_topics(dir.path,
                       {.types = types(),
                        .lookups = lookups,
                        .consent = consent(),
                        .schedule_mistake = [](const schedule_text& at) {
                            return std::string(at.texts.front() == "never" ? "is never" : "");
                        }});
}

// All mistakes of one file, as LINE: PATH: WHAT.
std::string mistakes_of(const std::string& text) {
    const scratch dir;
    dir.write("a.b.yaml", text);
    const auto loaded = load(dir);
    std::string out;
    for (const auto& p : loaded.problems)
        out += std::to_string(p.line) + ": " + p.path + ": " + p.what + "\n";
    CHECK(loaded.topics.size() == (out.empty() ? 1 : 0));
    return out;
}

const std::string head = "name: a.b\ndescription: {en: outages here}\nwords: {en: [NEWS]}\n"
                         "type: outage.planned\n";
const std::string fed = "feeds: [{type: outage.planned}]\n";

} // namespace

TEST_CASE("topics: a file says what is published, to whom, and how phones name it") {
    const scratch dir;
    dir.write("a.b.yaml",
              "name: a.b\ndescription: {zh-CN: 停电, en: outages here}\n"
              "words: {zh-CN: [停电信息], en: [OUTAGES]}\ntype: outage.planned\n"
              "parameter: {name: area, from: area}\n"
              "entitled: {tiers: [gold], areas: [East], roles: [sales], parameter: own}\n"
              "fee: {zh-CN: 每月3元, en: CNY 3 a month}\nrefuse: silently\nhours: 08:00-21:00\n"
              "expires_after: 365d\nfeeds:\n  - {type: outage.planned, parameter: area}\n"
              "default_language: en\n");
    dir.write("c.yaml",
              "name: c\ndescription: {en: sales}\nwords: {en: [ALL SALES]}\n"
              "type: sales.daily\nquery: {lookup: all_sales, at: {month_end: \"18:00\"}}\n");
    const auto loaded = load(dir);
    REQUIRE(format(loaded.problems) == "");
    REQUIRE(loaded.topics.size() == 2);
    const auto& t = loaded.topics.front();
    CHECK(t.name == "a.b");
    CHECK(t.description_in("zh-CN") == "停电");
    CHECK(t.description_in("fr") == "outages here");
    REQUIRE(t.takes);
    CHECK(t.takes->from == person_field::area);
    CHECK(t.entitled.registered);
    CHECK(t.entitled.own_parameter);
    CHECK(t.entitled.roles == std::vector<std::string>{"sales"});
    CHECK(t.fee_in("en") == "CNY 3 a month");
    CHECK(t.refuse == refusal::silently);
    CHECK(t.hours == day_hours{480, 1260});
    CHECK(t.expires_after == 365 * 24h);
    REQUIRE(t.feeds.size() == 1);
    CHECK(t.feeds[0].parameter == "area");
    const auto& c = loaded.topics.back();
    REQUIRE(c.query);
    CHECK(c.query->at.kind == schedule_kind::month_end);
    CHECK(c.query->at.texts == std::vector<std::string>{"18:00"});
    CHECK(c.query->late == 12h);
    CHECK(!c.query->takes_parameter);
    CHECK(c.fee_in("en").empty());
}

TEST_CASE("topics: each mistake is told with its line") {
    struct row {
        std::string text, mistake;
    };
    const auto with = [](const std::string& more) { return head + fed + more; };
    const auto asks = [](const std::string& more) {
        return "name: a.b\ndescription: {en: x}\nwords: {en: [NEWS]}\ntype: sales.daily\n"
               "query: {lookup: all_sales, " +
               more + "}\n";
    };
    for (const auto& r : {
             row{with(""), ""},
             {"name: b\n" + head.substr(10) + fed, "1: name: must be the name of the file"},
             {with("hours: 8 to 20\n"), "6: hours: are written 08:00-21:00"},
             {with("expires_after: 1h\n"), "6: expires_after: "},
             {with("refuse: rudely\n"), "6: refuse: "},
             {with("fee: {zh-CN: 3元}\n"), "there is no line in 'en'"},
             {with("entitled: {role: [x]}\n"), "did you mean 'roles'?"},
             {with("entitled: {registered: no, roles: [x]}\n"), "nobody unknown has a role"},
             {with("entitled: {parameter: own}\n"), "'own' needs a parameter"},
             {with("parameter: {name: rows}\n"), "is no name for a parameter"},
             {with("parameter: {name: area, from: aera}\n"), "did you mean 'area'?"},
             {head + "feeds: [{type: outage.plannd}]\n", "did you mean 'outage.planned'?"},
             {head + "feeds: [{type: outage.planned, parameter: area}]\n", "has no parameter"},
             {head +
                  "parameter: {name: area}\nfeeds: [{type: outage.planned, parameter: reason}]\n",
              "the field is not required"},
             {head + "parameter: {name: area}\nfeeds: [{type: outage.planned, parameter: from}]\n",
              "the field is a time"},
             {head + "feeds: [{type: tariff.changed}]\n", "4: type: its texts need 'area'"},
             {head, ""}, // of events to the topic
             {"name: a.b\ndescription: {en: x}\nwords: {en: [NEWS]}\ntype: sales.daily\n",
              "nothing is ever published"},
             {"name: a.b\ndescription: {en: x}\nwords: {en: [NEWS]}\ntype: sale.daily\n" + fed,
              "4: type: there is no type 'sale.daily' (did you mean 'sales.daily'?)"},
             {"name: a.b\ndescription: {en: x}\nwords: {en: [ADS]}\ntype: outage.planned\n" + fed,
              "3: words.en: 'ADS' is a word for marketing"},
             {"name: a.b\ndescription: {en: x}\nwords: {en: [All.]}\ntype: outage.planned\n" + fed,
              "is a word for all"},
             {"name: a.b\ndescription: {en: x}\nwords: {en: [OUTAGES, outages]}\n"
              "type: outage.planned\n" +
                  fed,
              "3: words.en: 'outages' is also 'OUTAGES'"},
             {"name: a.b\ndescription: {en: x}\nwords: {en: [7]}\ntype: outage.planned\n" + fed,
              "is a number of a menu"},
             {asks("at: {cron: never}"), "5: query.at.cron: is never"},
             {asks("at: {cron: x, dates: [y]}"), "5: query.at: has one of cron"},
             {asks("at: {cron: x}, each_row: yes"), "needs 'item'"},
             {asks("at: {cron: x}, item: day"), "is for 'each_row: yes'"},
             {asks("at: {cron: x}, each_row: yes, item: dya"), "the lookup has no field 'dya'"},
             {head + "query: {lookup: of_area, at: {cron: x}}\n", "takes 'area', which nobody"},
             {head + "parameter: {name: area}\nquery: {lookup: of_area, at: {cron: x}}\n",
              "its sample does not fit the type outage.planned"},
             {head + "parameter: {name: area}\nquery: {lookup: all_sales, at: {cron: x}}\n",
              "does not take 'area', the parameter of the topic"},
             {head + "query: {lookup: of_are, at: {cron: x}}\n", "did you mean 'of_area'?"},
         }) {
        CAPTURE(r.text);
        const auto told = mistakes_of(r.text);
        CAPTURE(told);
        CHECK(told.empty() == r.mistake.empty());
        CHECK(told.find(r.mistake) != std::string::npos);
    }
}

TEST_CASE("topics: a word of two topics is a mistake in both, and no folder is no topic") {
    const scratch dir;
    dir.write("a.yaml", "name: a" + head.substr(9) + fed);
    dir.write("b.yaml", "name: b" + head.substr(9) + fed);
    const auto loaded = load(dir);
    CHECK(loaded.topics.empty());
    CHECK(format(loaded.problems).find("'NEWS' is also a word of b") != std::string::npos);
    CHECK(format(loaded.problems).find("'NEWS' is also a word of a") != std::string::npos);
    const scratch empty;
    const auto none = load_topics(empty.path / "none", {{}, {}, consent(), {}});
    CHECK(none.topics.empty());
    CHECK(none.problems.empty());
}

TEST_CASE("topics: phones name a topic by a word or its name, and a parameter after it") {
    std::vector<topic> all(2);
    all[0] = {.name = "outage.area",
              .words = {{"停电", "zh-CN"}, {"OUTAGES", "en"}},
              .takes = parameter{.name = "area", .from = {}}};
    all[1] = {.name = "tariff.new", .words = {{"停电价", "zh-CN"}, {"NEW TARIFF", "en"}}};
    const directory d(std::move(all));
    struct row {
        const char *text, *found, *parameter;
    };
    for (const auto& r : {row{"停电", "outage.area", ""},
                          {"停电 城东", "outage.area", "城东"},
                          {"停电城东。", "outage.area", "城东"},
                          {"ｏｕｔａｇｅｓ：east", "outage.area", "EAST"},
                          {"outage.area 城东", "outage.area", "城东"},
                          {"停电价", "tariff.new", ""},
                          {"newtariff", "tariff.new", ""},
                          {"停电价 城东", "outage.area", "价城东"},
                          {"new tariff please", "", ""},
                          {"outagesx", "", ""},
                          {"sending me this", "", ""},
                          {"", "", ""},
                          {"\xff\xfe", "", ""}}) {
        CAPTURE(r.text);
        const auto found = d.find(r.text);
        CHECK((found ? found->which->name : std::string()) == r.found);
        CHECK((found ? found->parameter : std::string()) == r.parameter);
    }
    CHECK(d.find("OUTAGES")->language == "en");
    CHECK(d.named("tariff.new") == &d.topics()[1]);
    CHECK(d.named("tariff") == nullptr);
}

TEST_CASE("topics: a parameter is the same however its width, case, punctuation and spaces are") {
    for (const auto& [written, key] :
         std::initializer_list<std::pair<const char*, const char*>>{{"城东", "城东"},
                                                                    {" 城 东 ", "城东"},
                                                                    {"城东区。", "城东区"},
                                                                    {"ａbc 区", "ABC区"},
                                                                    {"New  York", "NEW YORK"}}) {
        CAPTURE(written);
        CHECK(parameter_key(written) == key);
    }
}

} // namespace file_test

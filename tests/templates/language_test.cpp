#include "one_type.hpp"

#include "templates/program.hpp"

#include <cstdint>
#include <string_view>

namespace language_test {

using namespace posthorn;
using namespace posthorn::templates;

TEST_CASE("templates: the language does what it says") {
    const struct {
        const char* source;
        const char* text;
    } rows[] = {
        {"plain { text } 100% #1", "plain { text } 100% #1"},
        {"{{ name }}", "张三"},
        {"{{name}}!", "张三!"},
        {"{{ \"}}\" }}{{ name }}}", "}}张三}"},
        {"{{ \"quoted \\\" }} text\" }}", "quoted \" }} text"},
        {"{{ 'single' }}", "single"},
        {"{{ count }} {{ usage }} {{ tier }} {{ phone }}", "1234567 1218.45 gold 13812345678"},
        {"{{ who.first }}", "Ann"},
        {"a{# comment {{ x }} #}b", "ab"},
        {"a {#- both sides -#} b", "ab"},
        {"a {{- name -}} b", "a张三b"},
        {"a {%- if paid -%} x {%- endif -%} b", "axb"},
        {"{% if paid %}yes{% else %}no{% endif %}", "yes"},
        {"{% if not paid %}yes{% else %}no{% endif %}", "no"},
        {"{% if count < 5 %}few{% elif count == 1234567 %}exact{% else %}many{% endif %}", "exact"},
        {"{% if tier == \"gold\" %}g{% endif %}{% if tier != 'gold' %}s{% endif %}", "g"},
        {"{% if amount >= 1234.5 and amount < 1234.51 %}in{% endif %}", "in"},
        {"{% if amount == fen %}same{% endif %}", "same"},
        {"{% if usage > count %}a{% else %}b{% endif %}", "b"},
        {"{% if day < \"2025-08-06\" and day > '2025-08-04' %}that day{% endif %}", "that day"},
        {"{% if at == \"2025-08-05T01:30:00Z\" %}then{% endif %}", "then"},
        {"{% if at == \"2025-08-05 09:30\" %}local{% endif %}", "local"},
        {"{% if paid == true %}t{% endif %}{% if paid == false %}f{% endif %}", "t"},
        {"{% if not (count == 1 or paid) %}a{% else %}b{% endif %}", "b"},
        {"{% if count == 1 or count == 1234567 and paid %}x{% endif %}", "x"},
        {"{% if name | last(1) == \"三\" %}x{% endif %}", "x"},
        {"{% if maybe %}there{% else %}missing{% endif %}", "missing"},
        {"{% if maybe and maybe == \"x\" %}a{% else %}b{% endif %}", "b"},
        {"{% if not maybe or maybe == \"x\" %}a{% else %}{{ maybe }}{% endif %}", "a"},
        {"{% if not maybe %}a{% else %}{{ maybe }}{% endif %}", "a"},
        {"{% if not maybe %}a{% elif maybe == \"x\" %}{{ maybe }}{% endif %}", "a"},
        {"{% if maybe_paid %}a{% else %}b{% endif %}", "b"},
        {"{% if who.maybe %}{{ who.maybe }}{% else %}none{% endif %}", "none"},
        {"{% if maybe_who %}{{ maybe_who.first }}{% else %}none{% endif %}", "none"},
        {"{{ maybe_who.first | default(\"nobody\") }}", "nobody"},
        {"{{ maybe | default(\"\") }}.", "."},
        {"{{ maybe_amount | default(0) | money }}", "¥0.00"},
        {"{{ maybe_day | default(\"2025-01-02\") | date }}", "2025年1月2日"},
        {"{% for w in words %}{{ loop.index }}{{ w }}{% if not loop.last %},{% endif %}"
         "{% endfor %}",
         "1x,2y,3z"},
        {"{% for w in words %}{% if loop.first %}({% endif %}{{ w }}{% endfor %})", "(xyz)"},
        {"{% for i in items %}{{ i.what }}{% if i.maybe_price %}={{ i.maybe_price | money }}"
         "{% endif %};{% endfor %}",
         "a=¥1.00;b;"},
        {"{% for i in items %}{% for w in words %}{{ i.what }}{{ w }}{{ loop.index }} {% endfor %}"
         "{{ loop.index }} {% endfor %}",
         "ax1 ay2 az3 1 bx1 by2 bz3 2 "},
        {"{% if maybe_items %}{% for x in maybe_items %}{{ x }}{% endfor %}{% else %}-{% endif %}",
         "-"},
        {"{{ words | length }} {% if words | length > 2 %}many{% endif %}", "3 many"},
        {"{% if words %}some{% endif %}", "some"},
        {"one\ntwo\n", "one\ntwo"},
        {"one\n{% if paid %}\nyes\n{% else %}\nno\n{% endif %}\ntwo", "one\nyes\ntwo"},
        {"one\n  {# alone #}  \ntwo", "one\ntwo"},
        {"{% for w in words %}\n{{ w }}\n{% endfor %}\nend", "x\ny\nz\nend"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.source);
        CHECK(text_of(row.source) == row.text);
    }
}

TEST_CASE("templates: each mistake in a text is told with its line in the file") {
    const struct {
        const char* source;
        const char* told;
    } rows[] = {
        {"one\ntwo {{ nmae }}", "11:12: texts.en: unknown field 'nmae' (did you mean 'name'?)"},
        {"{{ who.frist }}", "10:8: texts.en: 'who' has no field 'frist' (did you mean 'first'?)"},
        {"{{ name.first }}", "10:8: texts.en: 'name' is a text and has no field 'first'"},
        {"{{ name | uper }}", "10:15: texts.en: unknown filter 'uper' (did you mean 'upper'?)"},
        {"{{ name | money }}", "10:15: texts.en: 'money' is for money, but 'name' is a text"},
        {"{{ day | time }}", "10:14: texts.en: 'time' is for a time, but 'day' is a date"},
        {"{{ amount | number }}",
         "10:17: texts.en: 'number' is for an integer or a decimal, but 'amount' is money"},
        {"{{ amount }}", "10:8: texts.en: say how to write money: | money"},
        {"{{ day }}", "10:8: texts.en: say how to write a date: | date(\"long\")"},
        {"{{ paid }}", "10:8: texts.en: true or false is no text: use {% if %}"},
        {"{{ words }}", "10:8: texts.en: a list is no text: use {% for %}"},
        {"{{ who }}", "10:8: texts.en: an object is no text: name one of its fields"},
        {"\n\n{{ maybe }}",
         "12:8: texts.en: 'maybe' may be missing: use default(...) or {% if maybe %}"},
        {"{% if maybe %}x{% endif %}{{ maybe }}",
         "10:34: texts.en: 'maybe' may be missing: use default(...) or {% if maybe %}"},
        {"{% if maybe %}x{% else %}{{ maybe }}{% endif %}",
         "10:33: texts.en: 'maybe' may be missing: use default(...) or {% if maybe %}"},
        {"{% if maybe or paid %}{{ maybe }}{% endif %}",
         "10:30: texts.en: 'maybe' may be missing: use default(...) or {% if maybe %}"},
        {"{{ maybe_who.first }}",
         "10:8: texts.en: 'maybe_who.first' may be missing: use default(...) or {% if "
         "maybe_who.first %}"},
        {"{% for x in maybe_items %}{% endfor %}",
         "10:17: texts.en: 'maybe_items' may be missing: use default(...) or {% if maybe_items %}"},
        {"{% for i in items %}{{ i.maybe_price | money }}{% endfor %}",
         "10:28: texts.en: 'i.maybe_price' may be missing: use default(...) or {% if "
         "i.maybe_price %}"},
        {"{{ maybe_amount | money | default(\"x\") }}",
         "10:31: texts.en: default stands right after the field: {{ field | default(...) | ... }}"},
        {"{{ maybe_amount | default(\"none\") }}", "10:31: texts.en: 'none' is not money"},
        {"{{ maybe_amount | default(0.001) | money }}",
         "10:31: texts.en: '0.001' is not money: more than 2 digits after the point: '0.001'"},
        {"{{ maybe_day | default(\"soon\") | date }}",
         "10:28: texts.en: 'soon' is not a date: not a date like 2025-07-31: 'soon'"},
        {"{% if name %}{% endif %}",
         "10:11: texts.en: 'name' is always there: compare it with == != < <= > >="},
        {"{% if \"x\" %}{% endif %}",
         "10:11: texts.en: is no condition: name a field or compare with == != < <= > >="},
        {"{% if 1 == 2 %}{% endif %}", "10:13: texts.en: compares two constants"},
        {"{% if name == 1 %}{% endif %}", "10:19: texts.en: '1' is not a text (put it in quotes)"},
        {"{% if name < \"x\" %}{% endif %}", "10:16: texts.en: a text has no order: use == or !="},
        {"{% if name == day %}{% endif %}", "10:16: texts.en: cannot compare a text with a date"},
        {"{% if amount == yen %}{% endif %}",
         "10:18: texts.en: cannot compare money with money of another currency"},
        {"{% if tier == \"glod\" %}{% endif %}",
         "10:19: texts.en: 'glod' is not a choice of this field (did you mean 'gold'?)"},
        {"{% if paid = true %}{% endif %}", "10:16: texts.en: '=' does not compare: write '=='"},
        {"{% for name in words %}{% endfor %}",
         "10:5: texts.en: the loop's name 'name' is taken: choose another"},
        {"{% for x in name %}{% endfor %}",
         "10:17: texts.en: 'for' goes through a list, not a text"},
        {"{% for x in words %}{{ loop.idx }}{% endfor %}",
         "10:28: texts.en: 'loop.idx' is unknown; a loop has loop.index, loop.first and loop.last"},
        {"{{ loop.index }}", "10:8: texts.en: unknown field 'loop'"},
        {"{{ name | truncate }}", "10:15: texts.en: 'truncate' needs its length: truncate(10)"},
        {"{{ name | truncate(2) }}",
         "10:24: texts.en: the length of 'truncate' is a whole number from 3, not '2'"},
        {"{{ name | upper(1) }}", "10:21: texts.en: 'upper' takes no argument"},
        {"{{ name | last(1, 2) }}", "10:20: texts.en: 'last' takes one argument, count"},
        {"{{ name | last(cnt=2) }}", "10:20: texts.en: 'last' takes one argument, count"},
        {"{{ name | last(many) }}",
         "10:20: texts.en: expected a quoted text or a number, found 'many' (put it in quotes?)"},
        {"{{ amount | money(\"plan\") }}",
         "10:17: texts.en: money has no style 'plan'; it has code and plain (did you mean "
         "'plain'?)"},
        {"{{ day | date(\"mediun\") }}",
         "10:14: texts.en: neither a style (short, medium, long, full) nor a skeleton (like yMMMd "
         "or Hm): 'mediun' (did you mean 'medium'?)"},
        {"{{ day | date(\"yMMMdHm\") }}",
         "10:14: texts.en: a date has no time of day, but 'yMMMdHm' asks for one"},
        {"{{ count | plural(\"other=# bills\") }}",
         "10:16: texts.en: plural lacks the form 'one'; en has one, other"},
        {"{{ count | plural(\"few=x\", \"one=y\", \"other=z\") }}",
         "10:16: texts.en: en has no plural form 'few'; it has one, other"},
        {"{{ count | plural(\"bills\") }}",
         "10:23: texts.en: a plural form looks like \"other=# bills\", not 'bills'"},
        {"a { name }} b",
         "10:14: texts.en: '}}' without its '{{' (as a text it is written {{ \"}}\" }})"},
        {"{{ name }} % if paid %}",
         "10:26: texts.en: '%}' without its '{%' (as a text it is written {{ \"%}\" }})"},
        {"{{ name", "10:5: texts.en: the tag is not closed: '}}' is missing"},
        {"{{ name %}", "10:13: texts.en: cannot read '%' here"},
        {"{# x", "10:5: texts.en: the comment is not closed: '#}' is missing"},
        {"{{ \"x }}", "10:8: texts.en: the text is not closed: \" is missing"},
        {"{{ }}", "10:8: texts.en: expected a field, found '}}'"},
        {"{{ name | }}", "10:15: texts.en: expected a filter after '|', found '}}'"},
        {"{{ name phone }}", "10:13: texts.en: expected '}}' or '|', found 'phone'"},
        {"{{ name + 1 }}", "10:13: texts.en: cannot read '+' here"},
        {"{{ 张 }}", "10:8: texts.en: cannot read '张' here"},
        {"{% if paid %}x", "10:5: texts.en: '{% if %}' has no '{% endif %}'"},
        {"{% for w in words %}x", "10:5: texts.en: '{% for %}' has no '{% endfor %}'"},
        {"{% endif %}", "10:8: texts.en: 'endif' without its beginning"},
        {"{% for w in words %}{% endif %}{% endfor %}",
         "10:28: texts.en: 'endif' without its beginning"},
        {"{% set x = 1 %}", "10:8: texts.en: unknown tag 'set'"},
        {"{% fi paid %}{% endif %}", "10:8: texts.en: unknown tag 'fi' (did you mean 'if'?)"},
        {"{% for in words %}", "10:12: texts.en: expected a name after 'for', found 'in'"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.source);
        auto told = text_of(row.source, "en");
        if (const auto list = told.find("; there are:"); list != std::string::npos)
            told = told.substr(0, list) + "\n";
        CHECK(told == "t.yaml:" + std::string(row.told) + "\n");
    }
}

TEST_CASE("templates: all mistakes of a text are told, not only the first") {
    CHECK(text_of("{{ a1 }}{{ name | money }}\n{{ maybe }}", "en").find("11:8") !=
          std::string::npos);
    const auto made = type_of(file_of("{{ a1 }}{{ name | money }}\n{{ maybe }}", "en"));
    CHECK(made.problems.size() == 3);
}

TEST_CASE("templates: nesting and chains have an end") {
    std::string ifs;
    std::string parens = "{% if ";
    std::string chain = "{{ name";
    for (int i = 0; i < 5000; ++i) {
        ifs += "{% if paid %}";
        parens += "(";
        chain += " | upper";
    }
    CHECK(text_of(ifs).find("is nested too deeply") != std::string::npos);
    CHECK(text_of(parens + "paid %}").find("is nested too deeply") != std::string::npos);
    CHECK(text_of(chain + " }}").find("too many filters after one value") != std::string::npos);
}

TEST_CASE("templates: a template beyond 64 KiB is refused, whatever it holds") {
    std::string branches = "{% if paid %}x";
    std::string chain = "{% if paid";
    for (int i = 0; i < 50'000; ++i) {
        branches += "{% elif paid %}y";
        chain += " and paid";
    }
    for (const auto& source : {branches + "{% endif %}", chain + " %}x{% endif %}"})
        CHECK(text_of(source).find("the template is longer than 64 KiB") != std::string::npos);
    CHECK(text_of(std::string(60'000, 'x')) == std::string(60'000, 'x'));
}

TEST_CASE("templates: a text beyond 64 KiB or 100,000 steps is refused") {
    const auto made = type_of(file_of("{% for w in words %}{{ w }}{% endfor %}", "en"));
    REQUIRE(made.type);
    renderer r;
    auto data = boost::json::parse(data_of_each).as_object();
    data["words"] = boost::json::array(60'000, "x");
    CHECK(r.render(*made.type, "en", data).error().reason ==
          "the text takes more than 100,000 steps");
    data["words"] = boost::json::array(20, std::string(4000, 'x').c_str());
    CHECK(r.render(*made.type, "en", data).error().reason == "the text is longer than 64 KiB");
    data["words"] = boost::json::array(15, std::string(4000, 'x').c_str());
    CHECK(r.render(*made.type, "en", data).has_value());
}

TEST_CASE("templates: nobody is sent a text that is blank but for its signature") {
    const auto made = type_of(file_of("{% for w in words %}{{ w }}{% endfor %}", "en"));
    REQUIRE(made.type);
    renderer r;
    auto data = boost::json::parse(data_of_each).as_object();
    data["words"].as_array().clear();
    CHECK(r.render(*made.type, "en", data).error().reason ==
          "the text is empty: nothing of its template applies to this data");
    data["words"] = boost::json::array{"x"};
    CHECK(r.render(*made.type, "en", data).has_value());
}

TEST_CASE("templates: a type whose text can come out blank is told with its line") {
    const std::string least = "t.yaml:9:7: texts.en: is empty for an event without its optional "
                              "fields: write something outside of {% if %}, or make a field "
                              "required\n";
    for (const auto* source :
         {"{% if maybe %}{{ maybe }}{% endif %}", "{{ maybe | default(\"\") }}",
          "{% if maybe_items %}{% for x in maybe_items %}{{ x }}{% endfor %}{% endif %}",
          "{% for i in items %}{% if i.maybe_price %}{{ i.maybe_price | money }}{% endif %}"
          "{% endfor %}",
          "{% if who.maybe %}{{ who.maybe }}{% endif %}"}) {
        CAPTURE(source);
        const auto sample =
            std::string(data_of_each).insert(1, R"("maybe": "m", "maybe_items": ["i"], )");
        auto all = sample;
        all.replace(all.find(R"({"what": "b"})"), 13, R"({"what": "b", "maybe_price": "1.00"})");
        all.replace(all.find(R"("Ann")"), 5, R"("Ann", "maybe": "m")");
        const auto made = type_of(file_of(source, "en", one_of_each, all.c_str()));
        CHECK(settings::format(made.problems) == least);
    }
    for (const auto* source :
         {"{# nothing #}", "{{ \"\u3000\" }}", "{% if count < 5 %}few{% endif %}"}) {
        CAPTURE(source);
        CHECK(text_of(source, "en") == "t.yaml:9:7: texts.en: the text is empty: nothing of its "
                                       "template applies to this data\n");
    }
}

TEST_CASE("templates: random octets and mutations of good texts never crash") {
    const std::string good =
        "{{ name | mask_name }} {{ amount | money(\"code\") }}{% if maybe and count > 5 %}"
        "{{ maybe | truncate(5) }}{% elif not paid %}x{% else %}{% for i in items %}"
        "{{ loop.index }}{{ i.what | upper }}{% endfor %}{% endif %}{# c #}{{- day | "
        "date(\"MMMd\") -}}";
    REQUIRE(text_of(good, "en").find("t.yaml") == std::string::npos);
    std::uint32_t state = 20250805;
    const auto next = [&](std::uint32_t below) {
        state = state * 1664525u + 1013904223u;
        return (state >> 8) % below;
    };
    constexpr std::string_view pieces[] = {"{{",    "}}",   "{%",    "%}", "{#", "#}",
                                           "-",     "|",    "(",     ")",  "\"", "if",
                                           "endif", "name", "maybe", ".",  "==", " "};
    const auto fields = type_of(file_of("x", "en")).type;
    REQUIRE(fields);
    unsigned compiled_well = 0;
    for (int round = 0; round < 4000; ++round) {
        std::string text = round % 4 == 0 ? std::string() : good;
        for (std::uint32_t i = next(round % 4 == 0 ? 80 : 4) + 1; i > 0; --i) {
            const auto at = next(static_cast<std::uint32_t>(text.size()) + 1);
            switch (next(4)) {
            case 0:
                text.insert(at, 1, static_cast<char>(next(256)));
                break;
            case 1:
                text.insert(at, pieces[next(std::size(pieces))]);
                break;
            case 2:
                text.erase(at, next(8));
                break;
            default:
                if (at < text.size())
                    text[at] = static_cast<char>(next(256));
            }
        }
        const auto made = compile(text, fields->fields, "en", fields->zone);
        CHECK((made.code == nullptr) == !made.mistakes.empty());
        for (const auto& mistake : made.mistakes)
            CHECK(mistake.offset <= text.size());
        if (made.code == nullptr)
            continue;
        ++compiled_well;
        auto type = *fields;
        type.texts.front().code = made.code;
        renderer r;
        const auto filled = r.render(type, "en", type.sample);
        CHECK((filled || filled.error().reason.starts_with("the text is empty")));
    }
    CHECK(compiled_well > 50);
}

} // namespace language_test

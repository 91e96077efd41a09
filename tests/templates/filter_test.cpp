#include "one_type.hpp"

#include "templates/filter.hpp"
#include "templates/formatters.hpp"

#include <boost/json/serialize.hpp>

namespace filter_test {

using namespace posthorn;
using namespace posthorn::templates;

TEST_CASE("templates: each filter writes as the language does") {
    const struct {
        const char* source;
        const char* chinese;
        const char* english;
    } rows[] = {
        {"{{ amount | money }}", "¥1,234.50", "CN¥1,234.50"},
        {"{{ amount | money(\"code\") }}", "CNY 1,234.50", "CNY 1,234.50"},
        {"{{ amount | money(\"plain\") }}", "1234.50", "1234.50"},
        {"{{ amount | money(style=\"plain\") }}", "1234.50", "1234.50"},
        {"{{ fen | money }}", "¥1,234.50", "CN¥1,234.50"},
        {"{{ yen | money }}", "JP¥1,500", "¥1,500"},
        {"{{ yen | money(\"plain\") }}", "1500", "1500"},
        {"{{ count | number }}", "1,234,567", "1,234,567"},
        {"{{ usage | number }}", "1,218.45", "1,218.45"},
        {"{{ usage | number(1) }}", "1,218.5", "1,218.5"},
        {"{{ usage | number(digits=0) }}", "1,218", "1,218"},
        {"{{ usage | number(3) }}", "1,218.450", "1,218.450"},
        {"{{ maybe_usage | default(-0.4) | number(0) }}", "0", "0"},
        {"{{ maybe_usage | default(-0.004) | number(2) }}", "0.00", "0.00"},
        {"{{ maybe_usage | default(-0.006) | number(2) }}", "-0.01", "-0.01"},
        {"{{ day | date }}", "2025年8月5日", "Aug 5, 2025"},
        {"{{ day | date(\"short\") }}", "2025/8/5", "8/5/25"},
        {"{{ day | date(\"long\") }}", "2025年8月5日", "August 5, 2025"},
        {"{{ day | date(\"full\") }}", "2025年8月5日星期二", "Tuesday, August 5, 2025"},
        {"{{ day | date(\"MMMMd\") }}", "8月5日", "August 5"},
        {"{{ day | date(\"yMMMM\") }}", "2025年8月", "August 2025"},
        {"{{ at | date(\"MMMd\") }}", "8月5日", "Aug 5"},
        {"{{ at | time }}", "09:30", "9:30 AM"},
        {"{{ at | time(\"medium\") }}", "09:30:00", "9:30:00 AM"},
        {"{{ at | time(\"Hm\") }}", "09:30", "09:30"},
        {"{{ at | date(\"MMMdHm\") }}", "8月5日 09:30", "Aug 5, 09:30"},
        {"{{ words | length | number }}", "3", "3"},
        {"{{ name | mask_name }}", "张*", "张*"},
        {"{{ \"John Smith\" | mask_name }}", "J*** S****", "J*** S****"},
        {"{{ \"欧阳修\" | mask_name }}", "欧**", "欧**"},
        {"{{ \"张\" | mask_name }}", "*", "*"},
        {"{{ phone | mask_number }}", "138****5678", "138****5678"},
        {"{{ \"+8613812345678\" | mask_number }}", "+86138****5678", "+86138****5678"},
        {"{{ \"110101199003071234\" | mask_number }}", "110101********1234", "110101********1234"},
        {"{{ \"6222021234567890123\" | mask_number }}", "622202*********0123",
         "622202*********0123"},
        {"{{ \"861381234567\" | mask_number }}", "8613****4567", "8613****4567"},
        {"{{ \"62345678\" | mask_number }}", "62****78", "62****78"},
        {"{{ \"12345\" | mask_number }}", "*****", "*****"},
        {"{{ \"abcdef\" | truncate(5) }}", "abc..", "abc.."},
        {"{{ \"abcde\" | truncate(5) }}", "abcde", "abcde"},
        {"{{ \"明湖区滨河路1号\" | truncate(length=5) }}", "明湖区..", "明湖区.."},
        {"{{ \"e\u0301e\u0301e\u0301e\u0301\" | truncate(4) }}", "e\u0301e\u0301e\u0301e\u0301",
         "e\u0301e\u0301e\u0301e\u0301"},
        {"{{ \"e\u0301e\u0301e\u0301e\u0301e\u0301\" | truncate(4) }}", "e\u0301e\u0301..",
         "e\u0301e\u0301.."},
        {"{{ \"Straße\" | upper }}", "STRASSE", "STRASSE"},
        {"{{ \"ÉCOLE\" | lower }}", "école", "école"},
        {"{{ phone | last(4) }}", "5678", "5678"},
        {"{{ name | last(1) }}", "三", "三"},
        {"{{ name | last(9) }}", "张三", "张三"},
        {"{{ name | last(1) | upper | truncate(3) }}", "三", "三"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.source);
        CHECK(text_of(row.source, "zh-CN") == row.chinese);
        CHECK(text_of(row.source, "en") == row.english);
    }
}

TEST_CASE("templates: plural follows the rules of the language") {
    const struct {
        const char* language;
        const char* call;
        const char* data;
        const char* text;
    } rows[] = {
        {"en", R"(plural("one=# bill", "other=# bills"))", R"({"n": 1})", "1 bill"},
        {"en", R"(plural("one=# bill", "other=# bills"))", R"({"n": 0})", "0 bills"},
        {"en", R"(plural(one="# bill", other="# bills"))", R"({"n": 1000})", "1,000 bills"},
        {"zh-CN", R"(plural("other=#张账单"))", R"({"n": 1})", "1张账单"},
        {"ru", R"(plural("one=# a", "few=# b", "many=# c", "other=# d"))", R"({"n": 22})", "22 b"},
        {"ru", R"(plural("one=# a", "few=# b", "many=# c", "other=# d"))", R"({"n": 5})", "5 c"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto made = type_of(file_of(std::string("{{ n | ") + row.call + " }}", row.language,
                                          "\n  n: {kind: integer}\n", "{n: 1}"));
        REQUIRE(made.type);
        renderer r;
        const auto text =
            r.render(*made.type, row.language, boost::json::parse(row.data).as_object());
        REQUIRE(text.has_value());
        CHECK(text->text.ends_with(std::string(text->language).starts_with("zh")
                                       ? "】" + std::string(row.text)
                                       : "] " + std::string(row.text)));
    }
}

TEST_CASE("templates: money is exact at its edges in every style") {
    const struct {
        std::int64_t minor;
        const char* money;
        const char* plain;
    } rows[] = {
        {0, "¥0.00", "0.00"},
        {1, "¥0.01", "0.01"},
        {-1, "-¥0.01", "-0.01"},
        {-123450, "-¥1,234.50", "-1234.50"},
        {9223372036854775807, "¥92,233,720,368,547,758.07", "92233720368547758.07"},
        {-9223372036854775807 - 1, "-¥92,233,720,368,547,758.08", "-92233720368547758.08"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.plain);
        auto data = boost::json::parse(data_of_each).as_object();
        data["fen"] = row.minor;
        const auto written = boost::json::serialize(data);
        CHECK(text_of("{{ fen | money }}", "zh-CN", written.c_str()) == row.money);
        CHECK(text_of("{{ fen | money(\"plain\") }}", "zh-CN", written.c_str()) == row.plain);
    }
}

TEST_CASE("templates: formatted values hold no characters that spoil a GSM 7-bit text") {
    for (const auto* language : {"en", "fr", "de", "sv", "ar", "he", "hi", "it-CH", "de-CH"}) {
        CAPTURE(language);
        const auto text =
            text_of("{{ amount | money(\"code\") }} {{ at | time }} {{ usage | number }} "
                    "{{ count | number }}",
                    language);
        for (const auto* unwanted : {"\u00A0", "\u202F", "\u2009", "\u2019", "\u200E", "\u200F",
                                     "\u061C", "\u2212", "٣", "३"}) {
            CAPTURE(unwanted);
            CHECK(text.find(unwanted) == std::string::npos);
        }
        CHECK(text.find("34") != std::string::npos);
    }
}

TEST_CASE("templates: a kept date is not mistaken for another one") {
    const auto made = type_of(file_of("{{ day | date(\"MMMd\") }} {{ at | time(\"Hms\") }}", "en"));
    REQUIRE(made.type);
    renderer r;
    auto data = boost::json::parse(data_of_each).as_object();
    for (int round = 0; round < 2; ++round)
        for (const auto& [day, text] : {std::pair{"2025-08-05", "Aug 5"},
                                        {"2025-10-05", "Oct 5"},
                                        {"1969-12-31", "Dec 31"},
                                        {"2024-02-29", "Feb 29"}}) {
            data["day"] = day;
            data["at"] = round == 0 ? "2025-08-05T01:30:00Z" : "1969-12-31T23:59:59.5+08:00";
            CHECK(r.render(*made.type, "en", data)->text ==
                  "[S] " + std::string(text) + (round == 0 ? " 09:30:00" : " 23:59:59"));
        }
}

TEST_CASE("templates: masks and cuts stand octets that are no UTF-8") {
    for (const std::string text : {"\xE5", "\xFF\xFF", "a\xC3", "\xF0\x9F\x98", "\x80\x80\x80"}) {
        std::string out;
        append_masked_name(text, out);
        append_masked_number(text, out);
        append_last(text, 2, out);
        CHECK(out.size() >= 2);
    }
}

} // namespace filter_test

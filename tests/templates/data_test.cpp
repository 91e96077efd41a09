#include "templates/calendar.hpp"
#include "templates/decimal.hpp"

#include "one_type.hpp"

#include <limits>

namespace data_test {

using namespace posthorn;
using namespace posthorn::templates;

namespace {

// What validate() says of {"x": value} when x is declared so; "" when it is good.
std::string reason_for(const std::string& declared, const std::string& value) {
    const auto made = type_of(file_of("hello", "en", ("\n  x: " + declared + "\n").c_str(), "{}"));
    // The sample {} is no good for a required field, but the type is what matters here.
    auto type = made.type;
    if (!type) {
        auto optional = declared;
        optional.insert(optional.size() - 1, ", required: false");
        type = type_of(file_of("hello", "en", ("\n  x: " + optional + "\n").c_str(), "{}")).type;
        REQUIRE(type);
        type->fields.front().required = true;
    }
    const auto data = value.empty() ? "{}" : "{\"x\": " + value + "}";
    return validate(*type, boost::json::parse(data).as_object()).value_or("");
}

} // namespace

TEST_CASE("templates: good and bad values of each kind are told apart") {
    const std::string money = "{kind: money, currency: CNY}";
    const std::string minor = "{kind: money, currency: CNY, in: minor}";
    const struct {
        std::string declared;
        const char* value;
        const char* reason;
    } rows[] = {
        {money, R"("128.50")", ""},
        {money, R"("0")", ""},
        {money, R"("-0.01")", ""},
        {money, R"("1.5")", ""},
        {money, R"("1.5000")", ""},
        {money, R"("92233720368547758.07")", ""},
        {money, R"("92233720368547758.08")", "x: too large: '92233720368547758.08'"},
        {money, R"("9223372036854775807")", "x: too large: '9223372036854775807'"},
        {money, R"("92233720368547758070")", "x: too large: '92233720368547758070'"},
        {money, R"("0.005")", "x: more than 2 digits after the point: '0.005'"},
        {money, R"("12,3")", "x: not a decimal string: '12,3'"},
        {money, R"("1e5")", "x: not a decimal string: '1e5'"},
        {money, R"("")", "x: not a decimal string: ''"},
        {money, R"("NaN")", "x: not a decimal string: 'NaN'"},
        {money, R"("+1")", "x: not a decimal string: '+1'"},
        {money, R"(".5")", "x: not a decimal string: '.5'"},
        {money, R"("5.")", "x: not a decimal string: '5.'"},
        {money, R"("007")", "x: not a decimal string: '007'"},
        {money, R"(" 1")", "x: not a decimal string: ' 1'"},
        {money, R"("--1")", "x: not a decimal string: '--1'"},
        {money, "12.5",
         "x: a JSON number with a fraction (12.5) is not exact: send a decimal string like "
         "\"12.50\""},
        {money, "128",
         "x: an integer (128) may be minor units or not: send a decimal string like \"128.00\", or "
         "declare the field with 'in: minor'"},
        {money, "true", "x: not a decimal string: true"},
        {minor, "9223372036854775807", ""},
        {minor, "-1", ""},
        {minor, "9223372036854775808", "x: too large: 9223372036854775808"},
        {minor, "12.5", "x: not an integer of minor units: 12.5"},
        {minor, R"("5")", "x: not an integer of minor units: '5'"},
        {"{kind: decimal}", R"("1.123456789012345678")", ""},
        {"{kind: decimal}", "7", ""},
        {"{kind: decimal}", R"("0.1234567890123456789")",
         "x: more than 18 digits after the point: '0.1234567890123456789'"},
        {"{kind: text}", R"("x")", ""},
        {"{kind: text}", R"("two\nlines")", ""},
        {"{kind: text}", R"("  ")", "x: is empty"},
        {"{kind: text}", R"("\u3000\u3000")", "x: is empty"},
        {"{kind: text}", R"("\t\n")", "x: is empty"},
        {"{kind: text}", R"("\u200B\u00A0")", "x: is empty"},
        {"{kind: choice, choices: [gold]}", R"("\u3000")", "x: is empty"},
        {"{kind: text}", "5", "x: not a text: 5 (put it in quotes)"},
        {"{kind: text}", "[]", "x: not a text: a list"},
        {"{kind: text}", R"("a\u0000b")", "x: has a control character"},
        {"{kind: text}", "null", "missing field 'x'"},
        {"{kind: text}", "", "missing field 'x'"},
        {"{kind: integer}", "-5", ""},
        {"{kind: integer}", "5.0", "x: not a whole number: 5.0"},
        {"{kind: integer}", R"("5")", "x: not a whole number: '5' (without quotes)"},
        {"{kind: integer}", "18446744073709551615", "x: too large: 18446744073709551615"},
        {"{kind: boolean}", "false", ""},
        {"{kind: boolean}", R"("false")", "x: not true or false: 'false'"},
        {"{kind: date}", R"("2024-02-29")", ""},
        {"{kind: date}", R"("2025-02-29")", "x: not a date like 2025-07-31: '2025-02-29'"},
        {"{kind: date}", R"("2025-7-31")", "x: not a date like 2025-07-31: '2025-7-31'"},
        {"{kind: date}", "20250731", "x: not a date like \"2025-07-31\": 20250731"},
        {"{kind: time}", R"("2025-07-31T08:00:00Z")", ""},
        {"{kind: time}", R"("2025-07-31 08:00")", ""},
        {"{kind: time}", R"("2025-07-31T24:00:00Z")",
         "x: not a time like 2025-07-31T08:00:00+08:00: '2025-07-31T24:00:00Z'"},
        {"{kind: number}", R"("+8613812345678")", ""},
        {"{kind: number}", R"("138-1234")", "x: not a phone number: '***-*234'"},
        {"{kind: choice, choices: [gold, silver]}", R"("gold")", ""},
        {"{kind: choice, choices: [gold, silver]}", R"("glod")",
         "x: no such choice: 'glod' (did you mean 'gold'?)"},
        {"{kind: list, of: {kind: integer}}", "[1, 2]", ""},
        {"{kind: list, of: {kind: integer}}", R"([1, "a", null])",
         "x[1]: not a whole number: 'a' (without quotes); missing item x[2]"},
        {"{kind: list, of: {kind: object, fields: {a: {kind: date}, b: {kind: text}}}}",
         R"([{"a": "x"}])", "x[0].a: not a date like 2025-07-31: 'x'; missing field 'x[0].b'"},
        {"{kind: object, fields: {a: {kind: text}}}", R"({"a": 1, "extra": 2})",
         "x.a: not a text: 1 (put it in quotes)"},
        {"{kind: object, fields: {a: {kind: text}}}", "3", "x: not an object: 3"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.declared);
        CAPTURE(row.value);
        CHECK(reason_for(row.declared, row.value) == row.reason);
    }
}

TEST_CASE(
    "templates: all mistakes of the data are told, up to ten, and unknown fields are ignored") {
    const auto made = type_of(file_of("x", "en"));
    REQUIRE(made.type);
    const auto all = validate(*made.type, {}).value_or("");
    CHECK(all.starts_with("missing field 'name'; missing field 'phone'; "));
    CHECK(all.ends_with("; and 4 more"));
    auto data = boost::json::parse(data_of_each).as_object();
    data["never heard of"] = 5;
    CHECK_FALSE(validate(*made.type, data));
    data["amount"] = "12,3";
    data.erase("day");
    CHECK(validate(*made.type, data) ==
          "amount: not a decimal string: '12,3'; missing field 'day'");
    renderer r;
    CHECK(r.render(*made.type, "en", data).error().reason ==
          "amount: not a decimal string: '12,3'; missing field 'day'");
}

TEST_CASE("templates: a missing field is told with the member that may have been meant") {
    const auto made = type_of(file_of("x", "en"));
    REQUIRE(made.type);
    auto data = boost::json::parse(data_of_each).as_object();
    data.erase("amount");
    data["fan"] = 1;
    data["amuont"] = "1.00";
    CHECK(validate(*made.type, data) == "missing field 'amount' (is 'amuont' it?)");
    data["amount"] = "1.00";
    data["who"] = {{"frist", "Ann"}};
    CHECK(validate(*made.type, data) == "missing field 'who.first' (is 'frist' it?)");
    data["who"] = {{"first", "Ann"},
                   {"mybe", "x"}}; // optional: a source may send more than we know
    CHECK_FALSE(validate(*made.type, data));
    data.erase("fen");
    CHECK(validate(*made.type, data) == "missing field 'fen' (is 'fan' it?)");
    data["fen"] = 1;
    data.erase("count");
    CHECK(validate(*made.type, data) == "missing field 'count'");
}

TEST_CASE("templates: decimals are parsed, compared and written exactly") {
    for (const auto* text : {"0", "-1", "0.1", "-0.05", "123.450", "9223372036854775807",
                             "-9223372036854775808", "9.223372036854775807"})
        CHECK(show(*parse_decimal(text)) == text);
    CHECK(compare({1, 0}, {10, 1}) == std::strong_ordering::equal);
    CHECK(compare({-1, 18}, {0, 0}) == std::strong_ordering::less);
    CHECK(compare({std::numeric_limits<std::int64_t>::max(), 0}, {1, 18}) ==
          std::strong_ordering::greater);
    CHECK(*rescale({15, 1}, 2) == 150);
    CHECK_FALSE(rescale({15, 1}, 0).has_value());
    CHECK_FALSE(rescale({std::numeric_limits<std::int64_t>::max(), 0}, 1).has_value());
}

TEST_CASE("templates: times are read with and without a zone") {
    const auto shanghai = *zone::named("Asia/Shanghai");
    const auto berlin = *zone::named("Europe/Berlin");
    const std::int64_t base = 1754357400'000'000; // 2025-08-05T01:30:00Z
    const struct {
        const char* text;
        const zone& local;
        std::int64_t micros;
    } rows[] = {
        {"2025-08-05T01:30:00Z", shanghai, base},
        {"2025-08-05T09:30:00+08:00", berlin, base},
        {"2025-08-05T09:30:00", shanghai, base},
        {"2025-08-05t09:30", shanghai, base},
        {"2025-08-05T03:30:00", berlin, base},
        {"2025-08-05T01:30:00.123456789z", shanghai, base + 123456},
        {"2025-08-04T23:00:00-02:30", shanghai, base},
        {"2025-12-05T02:30:00", berlin, base + 122LL * 86'400'000'000},
        {"1969-12-31T23:59:59.5Z", shanghai, -500'000},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(parse_time(row.text, row.local).value() == row.micros);
    }
    for (const auto* bad :
         {"", "2025-08-05", "2025-08-05T9:30", "2025-08-05T01:30:00+8",
          "2025-08-05T01:30:00+08:00x", "2025-08-05T01:60", "2025-08-05T01:30:00."})
        CHECK_FALSE(parse_time(bad, shanghai).has_value());
    CHECK_FALSE(zone::named("Asia/Shanghi"));
    CHECK_FALSE(zone::named(""));
    CHECK(nearest_zone("Asia/Shanghi") == "Asia/Shanghai");
}

TEST_CASE("templates: a day is from midnight to midnight, however long that is") {
    const auto at = [](const char* utc) {
        return posthorn::from_micros(parse_time(utc, zone::utc()).value());
    };
    const struct {
        const char* zone;
        const char* t;
        const char* begins;
        const char* ends;
    } rows[] = {
        {"UTC", "2026-11-26T00:00:00Z", "2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z"},
        {"Asia/Shanghai", "2026-11-26T15:59:59.999999Z", "2026-11-25T16:00:00Z",
         "2026-11-26T16:00:00Z"},
        {"Asia/Shanghai", "2026-11-26T16:00:00Z", "2026-11-26T16:00:00Z", "2026-11-27T16:00:00Z"},
        {"Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
        {"Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
        // 00:00 becomes 01:00
        {"America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-04T03:00:00Z",
         "2018-11-05T02:00:00Z"},
        {"America/Sao_Paulo", "2018-11-04T02:59:59Z", "2018-11-03T03:00:00Z",
         "2018-11-04T03:00:00Z"},
        // 24:00 becomes 23:00
        {"America/Sao_Paulo", "2018-02-18T02:30:00Z", "2018-02-17T02:00:00Z",
         "2018-02-18T03:00:00Z"},
        // 01:00 becomes 00:00
        {"America/Havana", "2026-11-01T04:30:00Z", "2026-10-31T04:00:00Z", "2026-11-01T05:00:00Z"},
        {"America/Havana", "2026-11-01T05:00:00Z", "2026-11-01T05:00:00Z", "2026-11-02T05:00:00Z"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.zone);
        CAPTURE(row.t);
        const auto day = zone::named(row.zone)->day_of(at(row.t));
        CHECK(day.begins == at(row.begins));
        CHECK(day.ends == at(row.ends));
    }
    CHECK(zone::named("Asia/Shanghai")->wall_clock(at("2026-11-26T16:05:59Z")) == "00:05");
}

TEST_CASE("templates: a long value is shown without its end, and not cut inside a character") {
    const std::string text = std::string(39, '1') + "\u205F069000";
    const auto shown = "'" + std::string(39, '1') + "..'";
    for (const auto& reason : {parse_decimal(text).error().reason, parse_date(text).error().reason,
                               parse_time(text, zone::utc()).error().reason})
        CHECK(reason.find(shown) != std::string::npos);
}

} // namespace data_test

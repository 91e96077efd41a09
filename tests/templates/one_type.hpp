// A type around one template, for tests.
#pragma once

#include "templates/event_type.hpp"
#include "templates/renderer.hpp"

#include <doctest/doctest.h>

#include <boost/json/parse.hpp>

#include <optional>
#include <string>

namespace posthorn::templates {

// Declares one field of every kind; the optional ones begin with "maybe".
inline constexpr const char* one_of_each = R"(
  name: {kind: text}
  phone: {kind: number}
  count: {kind: integer}
  usage: {kind: decimal}
  amount: {kind: money, currency: CNY}
  fen: {kind: money, currency: CNY, in: minor}
  yen: {kind: money, currency: JPY}
  day: {kind: date}
  at: {kind: time}
  paid: {kind: boolean}
  tier: {kind: choice, choices: [gold, silver]}
  who: {kind: object, fields: {first: {kind: text}, maybe: {kind: text, required: false}}}
  items: {kind: list, of: {kind: object, fields: {what: {kind: text}, maybe_price: {kind: money, currency: CNY, required: false}}}}
  words: {kind: list, of: {kind: text}}
  maybe: {kind: text, required: false}
  maybe_amount: {kind: money, currency: CNY, required: false}
  maybe_usage: {kind: decimal, required: false}
  maybe_day: {kind: date, required: false}
  maybe_paid: {kind: boolean, required: false}
  maybe_who: {kind: object, required: false, fields: {first: {kind: text}}}
  maybe_items: {kind: list, required: false, of: {kind: text}}
)";

inline constexpr const char* data_of_each = R"({
  "name": "张三", "phone": "13812345678", "count": 1234567, "usage": "1218.45",
  "amount": "1234.50", "fen": 123450, "yen": "1500", "day": "2025-08-05",
  "at": "2025-08-05T09:30:00+08:00", "paid": true, "tier": "gold", "who": {"first": "Ann"},
  "items": [{"what": "a", "maybe_price": "1.00"}, {"what": "b"}], "words": ["x", "y", "z"]})";

inline std::string indented(const std::string& text) {
    std::string out = "    ";
    for (const char c : text)
        out += c == '\n' ? "\n    " : std::string(1, c);
    return out;
}

// The template begins in line 10, column 5 of "t.yaml".
inline std::string file_of(const std::string& text, const std::string& language,
                           const char* fields = one_of_each, const char* sample = data_of_each) {
    return "name: t\ncategory: service\npriority: normal\nwhom: [number]\nvalidity: 1h\n"
           "zone: Asia/Shanghai\nsignature: S\ntexts:\n  " +
           language + ": |\n" + indented(text) + "\nsample: " + sample + "\nfields:" + fields;
}

struct made_type {
    std::optional<event_type> type;
    settings::problem_list problems;
};

inline made_type type_of(const std::string& file) {
    made_type made;
    made.type = read_type(file, "t.yaml", zone::utc(), made.problems);
    return made;
}

// The text of a template with data_of_each, without the signature; or what is wrong.
inline std::string text_of(const std::string& source, const std::string& language = "zh-CN",
                           const char* data = data_of_each) {
    const auto made = type_of(file_of(source, language));
    if (!made.type)
        return settings::format(made.problems);
    renderer r;
    const auto text = r.render(*made.type, language, boost::json::parse(data).as_object());
    if (!text)
        return text.error().reason;
    const std::string_view signature = made.type->texts.front().signature;
    REQUIRE(text->text.starts_with(signature));
    return text->text.substr(signature.size());
}

} // namespace posthorn::templates

#include "answers/phrases.hpp"

#include "settings/reader.hpp"
#include "templates/wording_reader.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <set>
#include <string>
#include <vector>

namespace posthorn::answers {

namespace {

using templates::field;
using templates::kind;

field text(std::string name) { return {.name = std::move(name)}; }
field integer(std::string name) { return {.name = std::move(name), .kind = kind::integer}; }

// Customer accounts as a numbered list.
field choices() {
    auto name = text("name");
    name.required = false;
    return {.name = "accounts",
            .kind = kind::list,
            .of = {{.kind = kind::object, .fields = {integer("n"), text("account"), name}}}};
}

// Topics, or subscriptions to them, as a numbered list.
field topic_choices() {
    auto parameter = text("parameter");
    parameter.required = false;
    return {.name = "topics",
            .kind = kind::list,
            .of = {{.kind = kind::object, .fields = {integer("n"), text("name"), parameter}}}};
}

// What a phrase may speak of, and an example that its texts are tried with.
struct shape {
    std::vector<field> fields;
    const char* example = "{}";
};

shape shape_of(phrase p) {
    constexpr auto two_accounts = R"({"accounts": [{"n": 1, "account": "3100000001", "name": "A"},
                                                   {"n": 2, "account": "3100000002"}]})";
    switch (p) {
    case phrase::unknown:
    case phrase::menu:
        return {{text("menu")}, R"({"menu": "YE: balance"})"};
    case phrase::near:
    case phrase::misused:
    case phrase::not_bound:
        return {{text("help")}, R"({"help": "YE: balance"})"};
    case phrase::bad_number:
        return {{text("number")}, R"({"number": "139000"})"};
    case phrase::not_yours:
    case phrase::new_contact:
        return {{text("account")}, R"({"account": "3100000001"})"};
    case phrase::choose:
    case phrase::choose_again:
        return {{choices()}, two_accounts};
    case phrase::choose_topic:
        return {{topic_choices()}, R"({"topics": [{"n": 1, "name": "outages", "parameter": "East"},
                                                  {"n": 2, "name": "tariffs"}]})"};
    case phrase::which_parameter:
        return {{text("name"), text("form")}, R"({"name": "outages", "form": "SUB OUTAGES ..."})"};
    case phrase::topic_refused:
    case phrase::topic_opted_out:
        return {{text("name")}, R"({"name": "outages"})"};
    case phrase::agree_fee:
        return {{text("name"), text("fee")}, R"({"name": "outages", "fee": "CNY 3 a month"})"};
    case phrase::ask_code:
        return {{text("code"), integer("minutes")}, R"({"code": "482913", "minutes": 10})"};
    case phrase::wrong:
        return {{integer("left")}, R"({"left": 2})"};
    case phrase::locked:
        return {{integer("minutes")}, R"({"minutes": 15})"};
    default:
        return {};
    }
}

} // namespace

loaded_phrases load_phrases(const std::filesystem::path& file) {
    loaded_phrases out;
    auto document = settings::document::load(file);
    auto root = document.root();
    std::set<std::string> languages;
    std::vector<std::set<std::string>> of_phrase;
    const auto default_language = root.text("default_language");
    for (std::size_t i = 0; i < phrase_names.size(); ++i) {
        const std::string name(phrase_names[i]);
        auto& set = out.said.texts[i];
        const auto shape = shape_of(static_cast<phrase>(i));
        set.fields = shape.fields;
        set.default_language = default_language;
        const auto written = templates::read_wordings(root, name, set);
        of_phrase.emplace_back(written.begin(), written.end());
        languages.insert(written.begin(), written.end());
    }
    for (std::size_t i = 0; i < phrase_names.size() && !root.is_void(); ++i)
        for (const auto& language : languages)
            if (!of_phrase[i].empty() && !of_phrase[i].contains(language))
                root.fail(phrase_names[i], "has no text in '" + language + "' as others have");
    if (!default_language.empty() && !languages.empty() && !languages.contains(default_language))
        root.fail("default_language", "there is no text in '" + default_language + "'");
    out.problems = document.finish();
    if (!out.problems.empty())
        return out;
    for (std::size_t i = 0; i < phrase_names.size(); ++i) {
        auto texts = root.map(phrase_names[i]);
        const auto example = boost::json::parse(shape_of(static_cast<phrase>(i)).example);
        templates::try_wordings(out.said.texts[i], example.as_object(), texts, "an example");
    }
    out.problems = document.finish();
    return out;
}

} // namespace posthorn::answers

#include "templates/wording_reader.hpp"

#include "templates/icu_text.hpp"
#include "templates/language.hpp"
#include "templates/program.hpp"
#include "templates/renderer.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace posthorn::templates {

namespace {

namespace json = boost::json;

void read_wording(settings::reader& texts, const std::string& language, wording_set& set) {
    const auto written = texts.passage_text(language);
    if (!is_language(language)) {
        texts.fail(language, "'" + language + "' is no language; write zh-CN, en, ..");
        return;
    }
    if (written.text.empty())
        return;
    auto made = compile(written.text, set.fields, language, set.zone);
    for (auto& mistake : made.mistakes)
        texts.fail_at(language, written.at(mistake.offset), std::move(mistake.what));
    set.texts.push_back({language, {}, std::move(made.code), written.text});
}

json::value least_value(const json::value& v, const field& f) {
    if (f.kind == kind::object)
        return least_of(v.as_object(), f.fields);
    if (f.kind != kind::list)
        return v;
    json::array items;
    for (const auto& item : v.as_array())
        items.push_back(least_value(item, f.of.front()));
    return items;
}

} // namespace

json::object least_of(const json::object& data, const std::vector<field>& fields) {
    json::object least;
    for (const auto& f : fields)
        if (f.required)
            least[f.name] = least_value(data.at(f.name), f);
    return least;
}

const wording& wording_set::wording_for(std::string_view language) const {
    return best_for(language, texts, default_language);
}

std::vector<std::string> read_wordings(settings::reader& root, std::string_view key,
                                       wording_set& set) {
    auto texts = root.map(key);
    auto languages = texts.keys();
    if (languages.empty() && !texts.is_void())
        root.fail(key, "has no text in any language");
    std::sort(languages.begin(), languages.end());
    for (const auto& language : languages)
        read_wording(texts, language, set);
    return languages;
}

std::string read_default_language(settings::reader& root,
                                  const std::vector<std::string>& languages) {
    auto language = languages.size() == 1 ? root.text("default_language", languages.front())
                                          : root.text("default_language");
    const auto known = std::find(languages.begin(), languages.end(), language);
    if (known == languages.end() && !language.empty() && !languages.empty())
        root.fail("default_language", "there is no text in '" + language + "'");
    return language;
}

void try_wordings(const wording_set& set, const json::object& good, settings::reader& texts,
                  std::string_view whose) {
    const auto least = least_of(good, set.fields);
    renderer render;
    for (const auto& wording : set.texts) {
        if (const auto made = render.render(set, wording.language, good); !made)
            texts.fail(wording.language, made.error().reason);
        else if (!render.render(set, wording.language, least))
            texts.fail(wording.language, "is empty for " + std::string(whose) +
                                             " without its optional fields: write something "
                                             "outside of {% if %}, or make a field required");
    }
}

} // namespace posthorn::templates

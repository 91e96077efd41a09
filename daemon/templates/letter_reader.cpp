#include "templates/letter_reader.hpp"

#include "templates/icu_text.hpp"
#include "templates/program.hpp"
#include "templates/renderer.hpp"
#include "templates/wording_reader.hpp"

#include <algorithm>

namespace posthorn::templates {

namespace {

letter_piece read_piece(settings::reader& of, const char* key, const std::string& language,
                        const wording_set& set) {
    const auto written = of.passage_text(key);
    if (written.text.empty())
        return {}; // told already
    auto made = compile(written.text, set.fields, language, set.zone);
    for (auto& mistake : made.mistakes)
        of.fail_at(key, written.at(mistake.offset), std::move(mistake.what));
    return {std::move(made.code), written.text};
}

} // namespace

std::vector<std::string> read_letters(settings::reader& root, std::string_view key,
                                      const wording_set& set,
                                      std::vector<letter_wording>& letters) {
    auto all = root.map(key);
    auto languages = all.keys();
    if (languages.empty() && !all.is_void())
        root.fail(key, "has no text in any language");
    std::ranges::sort(languages);
    for (const auto& language : languages) {
        auto one = all.map(language);
        letter_wording wording{.language = language,
                               .subject = read_piece(one, "subject", language, set),
                               .plain = read_piece(one, "plain", language, set),
                               .html = {}};
        if (one.has("html"))
            wording.html = read_piece(one, "html", language, set);
        if (is_language(language))
            letters.push_back(std::move(wording));
        else
            all.fail(language, "'" + language + "' is no language; write zh-CN, en, ..");
    }
    return languages;
}

void try_letters(const wording_set& set, const std::vector<letter_wording>& letters,
                 const boost::json::object& good, settings::reader& emails) {
    const auto least = least_of(good, set.fields);
    renderer render;
    for (const auto& wording : letters)
        for (const auto* data : {&good, &least})
            if (const auto made = render.render_letter(set, letters, wording.language, *data);
                !made) {
                emails.fail(
                    wording.language,
                    made.error().reason +
                        (data == &least ? " (of an event without its optional fields)" : ""));
                break;
            }
}

} // namespace posthorn::templates

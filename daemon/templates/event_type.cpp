#include "templates/event_type.hpp"

#include "model/blank.hpp"
#include "settings/passage.hpp"
#include "settings/reader.hpp"
#include "templates/field_reader.hpp"
#include "templates/icu_text.hpp"
#include "templates/program.hpp"
#include "templates/renderer.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>

namespace posthorn::templates {

namespace {

using namespace std::chrono_literals;

namespace json = boost::json;

std::string_view base_of(std::string_view language) {
    return language.substr(0, language.find_first_of("-_"));
}

bool same_language(std::string_view a, std::string_view b) {
    const auto plain = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c == '_' ? '-' : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return plain(x) == plain(y); });
}

// What carriers in China ask for; elsewhere the brackets would make any text UCS-2.
std::string with_brackets(const std::string& signature, std::string_view language) {
    return base_of(language) == "zh" ? "【" + signature + "】" : "[" + signature + "] ";
}

on_uncertain usual_doubt(category c) {
    return c == category::statutory || c == category::service ? on_uncertain::resend
                                                              : on_uncertain::hold;
}

class type_reader {
public:
    type_reader(settings::reader root, const zone& default_zone) : root_(std::move(root)) {
        type_.zone = default_zone;
    }

    event_type read(const std::string& file_name) {
        read_name(file_name);
        type_.category = root_.choice<category>("category", category_names);
        type_.priority = root_.choice<priority>("priority", priority_names);
        read_audience();
        read_times();
        read_zone();
        auto fields = root_.map("fields");
        type_.fields = read_fields(fields);
        read_texts();
        auto sample = root_.map("sample");
        type_.sample = read_sample(sample, type_.fields);
        return std::move(type_);
    }

private:
    void read_name(const std::string& file_name) {
        type_.name = root_.text("name");
        if (!type_.name.empty() && type_.name != file_name)
            root_.fail("name", "must be the name of the file, '" + file_name + "', is '" +
                                   type_.name + "'");
    }

    void read_audience() {
        type_.whom = root_.choices<to_kind>("whom", to_kind_names);
        const auto written = root_.kind("whom");
        const bool listed = written == settings::node_kind::list;
        if (written == settings::node_kind::missing || (listed && root_.texts("whom").empty()))
            root_.fail("whom", "say whom events of this type may be for, like [number, customer]");
        type_.channels = root_.choices<channel>("channels", channel_names);
        if (type_.channels.empty())
            type_.channels.push_back(channel::sms);
    }

    void read_times() {
        const bool urgent = type_.priority == priority::urgent;
        type_.validity = root_.duration("validity", {10s, 63 * 24h});
        type_.doubt = root_.choice("on_uncertain", on_uncertain_names, usual_doubt(type_.category));
        type_.uncertain_wait = root_.duration("uncertain_wait", urgent ? 10s : 60s, {0s, 24h});
        type_.hold_for = root_.duration("hold_for", 24h, {1s, 30 * 24h});
    }

    void read_zone() {
        const auto name = root_.text("zone", std::string());
        if (name.empty())
            return;
        if (auto known = zone::named(name)) {
            type_.zone = std::move(*known);
            return;
        }
        const auto near = nearest_zone(name);
        root_.fail("zone", "unknown time zone '" + name + "'" +
                               (near.empty() ? "; use a name like Asia/Shanghai"
                                             : " (did you mean '" + near + "'?)"));
    }

    void read_texts() {
        auto texts = root_.map("texts");
        auto languages = texts.keys();
        if (languages.empty() && !texts.is_void())
            root_.fail("texts", "has no text in any language");
        std::sort(languages.begin(), languages.end());
        const auto signature_kind = root_.kind("signature");
        auto signatures = signature_kind == settings::node_kind::map
                              ? std::optional(root_.map("signature"))
                              : std::nullopt;
        const auto one = signatures ? std::string() : root_.text("signature");
        for (const auto& language : languages) {
            auto signature = signatures ? signatures->text(language) : one;
            check_signature(signature);
            read_text(texts, language, signature);
        }
        read_default_language(languages);
    }

    void check_signature(const std::string& signature) {
        if (signature.find("【") != std::string::npos ||
            signature.find("】") != std::string::npos ||
            signature.find_first_of("[]\n") != std::string::npos)
            root_.fail("signature", "is written without brackets: they are put around it");
        else if (!signature.empty() && is_blank(signature)) // an empty one is told already
            root_.fail("signature", "is blank: write who sends the text");
    }

    void read_text(settings::reader& texts, const std::string& language,
                   const std::string& signature) {
        const auto written = texts.passage_text(language);
        if (!is_language(language)) {
            texts.fail(language, "'" + language + "' is no language; write zh-CN, en, ..");
            return;
        }
        if (written.text.empty())
            return;
        auto made = compile(written.text, type_.fields, language, type_.zone);
        for (auto& mistake : made.mistakes)
            texts.fail_at(language, written.at(mistake.offset), std::move(mistake.what));
        type_.texts.push_back({language, with_brackets(signature, language), std::move(made.code)});
    }

    void read_default_language(const std::vector<std::string>& languages) {
        type_.default_language = languages.size() == 1
                                     ? root_.text("default_language", languages.front())
                                     : root_.text("default_language");
        const auto known = std::find(languages.begin(), languages.end(), type_.default_language);
        if (known == languages.end() && !type_.default_language.empty() && !languages.empty())
            root_.fail("default_language", "there is no text in '" + type_.default_language + "'");
    }

    settings::reader root_;
    event_type type_;
};

json::object least_of(const json::object& data, const std::vector<field>& fields);

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

// The least a source may send: good data without its optional fields.
json::object least_of(const json::object& data, const std::vector<field>& fields) {
    json::object least;
    for (const auto& f : fields)
        if (f.required)
            least[f.name] = least_value(data.at(f.name), f);
    return least;
}

// The sample must be data a source may send, and must make a text in every language, also when a
// source sends no more than it must.
void try_sample(const event_type& type, settings::reader& root) {
    if (const auto reason = validate(type, type.sample)) {
        root.fail("sample", *reason);
        return;
    }
    auto texts = root.map("texts");
    const auto least = least_of(type.sample, type.fields);
    renderer render;
    for (const auto& wording : type.texts) {
        if (const auto made = render.render(type, wording.language, type.sample); !made)
            texts.fail(wording.language, made.error().reason);
        else if (!render.render(type, wording.language, least))
            texts.fail(wording.language,
                       "is empty for an event without its optional fields: write something outside "
                       "of {% if %}, or make a field required");
    }
}

std::optional<event_type> read_document(settings::document document,
                                        const std::filesystem::path& file, const zone& default_zone,
                                        settings::problem_list& problems) {
    auto root = document.root();
    auto type = type_reader(root, default_zone).read(file.stem().string());
    auto found = document.finish();
    if (found.empty()) {
        try_sample(type, root);
        found = document.finish();
    }
    problems.insert(problems.end(), found.begin(), found.end());
    return found.empty() ? std::optional(std::move(type)) : std::nullopt;
}

} // namespace

bool event_type::accepts(to_kind kind) const {
    return std::find(whom.begin(), whom.end(), kind) != whom.end();
}

const wording& event_type::wording_for(std::string_view language) const {
    assert(!texts.empty());
    const wording* fallback = &texts.front();
    const wording* related = nullptr;
    for (const auto& w : texts) {
        if (same_language(w.language, language))
            return w;
        if (related == nullptr && same_language(base_of(w.language), base_of(language)))
            related = &w;
        if (w.language == default_language)
            fallback = &w;
    }
    return related != nullptr ? *related : *fallback;
}

std::optional<event_type> read_type(std::string text, const std::filesystem::path& file,
                                    const zone& default_zone, settings::problem_list& problems) {
    return read_document(settings::document::parse(std::move(text), file.string()), file,
                         default_zone, problems);
}

loaded_types load_types(const std::filesystem::path& directory, const zone& default_zone) {
    loaded_types loaded;
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (std::filesystem::directory_iterator i(directory, error), end; !error && i != end;
         i.increment(error)) {
        const auto& path = i->path();
        if (path.extension() == ".yaml" && !path.filename().string().starts_with('.'))
            files.push_back(path);
        else if (path.extension() == ".yml") // must not be thought to be in force
            loaded.problems.push_back({path.string(),
                                       0,
                                       0,
                                       {},
                                       "is not read: name it " + path.stem().string() + ".yaml"});
    }
    if (error)
        loaded.problems.push_back(
            {directory.string(), 0, 0, {}, "the directory cannot be read: " + error.message()});
    std::sort(files.begin(), files.end());
    for (const auto& file : files)
        if (auto type =
                read_document(settings::document::load(file), file, default_zone, loaded.problems))
            loaded.types.push_back(std::move(*type));
    std::sort(loaded.types.begin(), loaded.types.end(),
              [](const event_type& a, const event_type& b) { return a.name < b.name; });
    return loaded;
}

} // namespace posthorn::templates

#include "cli/preview.hpp"

#include "cli/table.hpp"
#include "encoding/parts.hpp"
#include "settings/scalars.hpp"

namespace posthorn::cli {

namespace {

std::string fields_of(const templates::event_type& type) {
    std::string out;
    for (const auto& field : type.fields)
        out += (out.empty() ? "" : " ") + field.name + ":" +
               std::string(templates::name_of(field.kind)) + (field.required ? "" : "?");
    return out;
}

std::string languages_of(const templates::event_type& type) {
    std::string out;
    for (const auto& wording : type.texts)
        out += (out.empty() ? "" : " ") + wording.language;
    for (const auto& wording : type.emails)
        out += (out.empty() ? "email:" : " email:") + wording.language;
    return out;
}

boost::json::array channels_of(const templates::event_type& type) {
    boost::json::array out;
    for (const auto by : type.channels)
        out.emplace_back(name_of(by));
    return out;
}

std::string_view alphabet_name(posthorn::coding code) {
    return code == posthorn::coding::gsm7 ? "GSM 7-bit" : "UCS-2";
}

// What one part holds: the whole message of one part, or what is left beside the header.
unsigned room_of(posthorn::coding code, bool udh) {
    if (code == posthorn::coding::gsm7)
        return udh ? 153 : 160;
    return udh ? 67 : 70;
}

// A Chinese text has dozens; the first few tell that it is one.
std::string culprits_of(std::string_view text) {
    constexpr std::size_t most = 6;
    const auto all = encoding::ucs2_culprits(text);
    std::string out;
    for (std::size_t i = 0; i < all.size() && i < most; ++i)
        out += (out.empty() ? "" : ", ") + all[i].shown;
    if (all.size() > most)
        out += " and " + std::to_string(all.size() - most) + " more";
    return out;
}

encoding::split_options limited_to(unsigned max_parts) {
    encoding::split_options limits;
    limits.max_parts = max_parts;
    return limits;
}

} // namespace

std::string types_page(const intake::catalogue& known) {
    table rows({"type", "category", "priority", "if uncertain", "valid", "languages", "fields"});
    for (const auto& type : known.types)
        rows.add({type.name, std::string(name_of(type.category)),
                  std::string(name_of(type.priority)), std::string(name_of(type.doubt)),
                  settings::show(type.validity), languages_of(type), fields_of(type)});
    if (rows.empty())
        return "there are no types\n";
    return rows.text(0) + "\nfields with a ? may be missing; see one as it is sent: `posthorn test "
                          "event TYPE`\n";
}

boost::json::array types_json(const intake::catalogue& known) {
    boost::json::array out;
    for (const auto& type : known.types) {
        boost::json::array fields;
        for (const auto& field : type.fields)
            fields.push_back(boost::json::object{{"name", field.name},
                                                 {"kind", templates::name_of(field.kind)},
                                                 {"required", field.required}});
        boost::json::array languages;
        for (const auto& wording : type.texts)
            languages.emplace_back(wording.language);
        out.push_back(boost::json::object{{"type", type.name},
                                          {"category", name_of(type.category)},
                                          {"priority", name_of(type.priority)},
                                          {"on_uncertain", name_of(type.doubt)},
                                          {"validity", settings::show(type.validity)},
                                          {"languages", std::move(languages)},
                                          {"channels", channels_of(type)},
                                          {"fields", std::move(fields)},
                                          {"sample", type.sample}});
    }
    return out;
}

std::string text_page(std::string_view text, std::string_view language, unsigned max_parts,
                      std::string_view asked_for) {
    const auto split = encoding::split(text, limited_to(max_parts));
    std::string out = std::string(text) + "\n\n";
    if (!split)
        return out + "  cannot be sent: " + split.error() + "\n";
    table rows({"", ""});
    rows.add({"language", std::string(language)});
    rows.add({"encoding", std::string(alphabet_name(split->code))});
    rows.add({"characters", std::to_string(encoding::count_chars(text))});
    rows.add({"parts", std::to_string(split->parts.size())});
    const auto most = std::to_string(room_of(split->code, split->udh));
    const std::string unit =
        split->code == posthorn::coding::gsm7 ? " septets" : " characters (UTF-16)";
    for (std::size_t i = 0; i < split->units.size(); ++i)
        rows.add({"  part " + std::to_string(i + 1),
                  std::to_string(split->units[i]) + " of " + most + unit});
    if (const auto culprits = culprits_of(text); !culprits.empty())
        rows.add({"UCS-2 because of", culprits});
    if (!asked_for.empty())
        rows.add({"transliterated", culprits_of(asked_for) + "; else " +
                                        std::to_string(encoding::measure_text(asked_for).parts) +
                                        " parts of UCS-2"});
    return out + rows.text();
}

boost::json::object text_json(std::string_view text, std::string_view language, unsigned max_parts,
                              std::string_view asked_for) {
    boost::json::object out{{"text", text}, {"language", language}};
    const auto split = encoding::split(text, limited_to(max_parts));
    if (!split) {
        out["problem"] = split.error();
        return out;
    }
    boost::json::array units(split->units.begin(), split->units.end());
    boost::json::array culprits;
    for (const auto& c : encoding::ucs2_culprits(text))
        culprits.emplace_back(c.shown);
    out["encoding"] = split->code == posthorn::coding::gsm7 ? "gsm7" : "ucs2";
    out["parts"] = split->parts.size();
    out["units"] = std::move(units);
    out["ucs2_because_of"] = std::move(culprits);
    if (!asked_for.empty())
        out["transliterated_from"] = asked_for;
    return out;
}

std::string letter_page(const letter_view& l, std::string_view language) {
    const auto with_end = [](std::string_view text) {
        return std::string(text) + (text.ends_with('\n') ? "" : "\n");
    };
    auto out = "subject: " + std::string(l.subject) + "\n\n" + with_end(l.plain);
    if (!l.html.empty())
        out += "\nhtml:\n\n" + with_end(l.html);
    table rows({"", ""});
    rows.add({"language", std::string(language)});
    rows.add({"channel", std::string(name_of(channel::email))});
    return out + "\n" + rows.text();
}

boost::json::object letter_json(const letter_view& l, std::string_view language) {
    boost::json::object out{{"subject", l.subject}, {"plain", l.plain}, {"language", language}};
    if (!l.html.empty())
        out["html"] = l.html;
    return out;
}

} // namespace posthorn::cli

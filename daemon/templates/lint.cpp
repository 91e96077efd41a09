#include "templates/lint.hpp"

#include "encoding/look_alikes.hpp"
#include "encoding/parts.hpp"
#include "encoding/utf8.hpp"
#include "templates/language.hpp"
#include "templates/printed.hpp"
#include "templates/renderer.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace posthorn::templates {

namespace {

constexpr unsigned little_room = 3;         // characters
constexpr std::size_t longest_subject = 60; // characters

// What to write instead, where nobody would see a difference; empty where there is none.
std::string replacement_of(char32_t c) {
    const auto alike = encoding::look_alike(c);
    if (!alike)
        return {};
    if (alike->empty())
        return "nothing: it cannot be seen";
    return std::string(*alike == " " ? "a plain space" : *alike == "\n" ? "a line end" : *alike);
}

// "contact_phone": contact, phone.
std::vector<std::string_view> pieces_of(std::string_view name) {
    std::vector<std::string_view> pieces;
    while (!name.empty()) {
        const auto piece = name.substr(0, name.find('_'));
        pieces.push_back(piece);
        name.remove_prefix(std::min(piece.size() + 1, name.size()));
    }
    return pieces;
}

bool has_piece(std::string_view name, const std::set<std::string_view>& wanted) {
    return std::ranges::any_of(pieces_of(name), [&](auto piece) { return wanted.contains(piece); });
}

bool says_number(std::string_view field) {
    return has_piece(field, {"account", "number", "phone", "mobile", "card", "licence", "license"});
}

bool says_name(std::string_view field) { return has_piece(field, {"name"}); }

// More than eight digits in a row: an account, a card, a phone.
bool looks_like_number(const boost::json::value* sample) {
    constexpr std::size_t most = 8;
    std::size_t digits = 0;
    if (sample != nullptr && sample->is_string())
        for (const char c : sample->get_string()) {
            digits = c >= '0' && c <= '9' ? digits + 1 : 0;
            if (digits > most)
                return true;
        }
    return false;
}

std::string counted(unsigned n, const std::string& what) {
    return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

// So many characters more fit into the parts of a text.
unsigned room_of(std::string text) {
    const auto parts = encoding::measure_text(text).parts;
    unsigned room = 0;
    while (encoding::measure_text(text += 'x').parts == parts)
        ++room;
    return room;
}

class linter {
public:
    linter(const event_type& type, settings::document file, const lint_rules& rules)
        : type_(type), rules_(rules), root_(file.root()), texts_(root_.map("texts")) {}

    lint_report run() {
        look_for_languages(type_.texts, "texts", "text");
        if (type_.texts.empty()) // else each text is compared with the e-mails
            look_for_languages(type_.emails, "emails", "e-mail");
        look_for_emails();
        for (const auto& wording : type_.texts)
            look_at(wording);
        for (const auto& email : type_.emails)
            look_at(email);
        std::ranges::sort(report_.findings, {}, [](const finding& f) {
            return std::tie(f.at.line, f.at.column, f.language, f.what);
        });
        return std::move(report_);
    }

private:
    void tell(severity s, settings::position at, std::string what, std::string advice) {
        report_.findings.push_back({s, at, language_, std::move(what), std::move(advice)});
    }

    template <class Worded>
    void look_for_languages(const std::vector<Worded>& all, const char* key,
                            const std::string& what) {
        if (all.empty())
            return;
        for (const auto& wanted : rules_.languages) {
            const auto& instead = best_for(wanted, all, type_.default_language).language;
            language_ = wanted;
            if (!same_language(base_of(instead), base_of(wanted)))
                tell(severity::warning, root_.where(key),
                     "there is no " + what + " in '" + wanted + "', which most types have",
                     "write one; until then its readers get the " + what + " in " + instead);
        }
    }

    // Who reads this language as a text for phones reads it as an e-mail, too.
    void look_for_emails() {
        for (const auto& text : type_.texts) {
            language_ = text.language;
            if (!type_.emails.empty() &&
                std::ranges::find(type_.emails, language_, &letter_wording::language) ==
                    type_.emails.end())
                tell(severity::warning, root_.where("emails"),
                     "there is no e-mail in '" + language_ + "', and there is a text for phones",
                     "write one; until then its readers get the e-mail in " +
                         best_for(language_, type_.emails, type_.default_language).language);
        }
    }

    void look_at(const letter_wording& email) {
        language_ = email.language;
        const auto made = render_.render_letter(type_, type_.emails, email.language, type_.sample);
        if (!made) // a type is loaded only if it does
            return;
        auto written = root_.map("emails").map(email.language);
        const auto& [subject, plain, html] = made->text;
        const auto length = encoding::count_chars(subject);
        if (length > longest_subject)
            tell(severity::warning, written.where("subject"),
                 "the sample's subject has " + counted(static_cast<unsigned>(length), "character"),
                 "shorten it: phones show about " + std::to_string(longest_subject));
        for (const auto& [key, sample] :
             {std::pair{"subject", &subject}, std::pair{"plain", &plain}, std::pair{"html", &html}})
            if (!sample->empty())
                look_at_words(written, key, *sample);
    }

    // What holds for everything people read.
    printed look_at_words(settings::reader& in, const std::string& key, std::string_view sample) {
        const auto written = in.passage_text(key);
        auto shown = printed_by(written.text, type_.fields, type_.sample);
        look_for_forbidden(written, shown, sample, in.where(key));
        look_at_masks(written, shown);
        return shown;
    }

    void look_at(const wording& w) {
        language_ = w.language;
        const auto made = render_.render(type_, w.language, type_.sample);
        if (!made) // a type is loaded only if it does
            return;
        const auto shown = look_at_words(texts_, w.language, made->text);
        look_at_alphabet(texts_.passage_text(w.language), shown, w.signature);
        look_at_size(made->text);
    }

    void look_for_forbidden(const settings::passage& written, const printed& shown,
                            std::string_view sample, settings::position begins) {
        std::set<std::string> told;
        for (const auto& words : shown.words)
            for (const auto& [word, offset] : rules_.forbidden.in(words.text)) {
                told.insert(word);
                tell(severity::error, written.at(words.offset + offset),
                     "'" + word + "' is a forbidden word", "say it otherwise");
            }
        for (const auto& [word, offset] : rules_.forbidden.in(sample))
            if (!told.contains(word))
                tell(severity::error, begins,
                     "'" + word + "' is a forbidden word, and the text of the sample has it",
                     "say it otherwise, in the signature or the sample too");
    }

    // One character that GSM 7-bit lacks makes a part of a text hold 70 characters instead of 160.
    void look_at_alphabet(const settings::passage& written, const printed& shown,
                          const std::string& signature) {
        std::size_t characters = encoding::count_chars(signature);
        for (const auto& words : shown.words)
            characters += encoding::count_chars(words.text);
        if (is_of_another_script(shown, signature, characters))
            return;
        for (const auto& one : encoding::ucs2_culprits(signature))
            tell_culprit(one, signature_place(), " of the signature");
        for (const auto& words : shown.words)
            for (const auto& one : encoding::ucs2_culprits(words.text)) {
                std::string octets;
                encoding::append_utf8(octets, one.code);
                tell_culprit(one, written.at(words.offset + words.text.find(octets)), "");
            }
    }

    // A text of which more than a tenth cannot be said in GSM 7-bit is not meant to be.
    static bool is_of_another_script(const printed& shown, std::string_view signature,
                                     std::size_t characters) {
        auto foreign = foreign_characters(signature);
        for (const auto& words : shown.words)
            foreign += foreign_characters(words.text);
        return foreign * 10 > characters;
    }

    static std::size_t foreign_characters(std::string_view text) {
        std::size_t count = 0;
        for (std::size_t at = 0; at < text.size();) {
            const auto c = encoding::read_char(text, at);
            if (encoding::septets_of(c.code) == 0 && !encoding::look_alike(c.code))
                ++count;
            at += std::max(c.octets, 1U);
        }
        return count;
    }

    void tell_culprit(const encoding::culprit& one, settings::position at, const char* where) {
        const bool alike = encoding::near_alike(one.code).has_value();
        if (alike && type_.transliterate)
            return; // it is said otherwise where that saves a part
        auto instead = replacement_of(one.code);
        tell(severity::warning, at,
             one.shown + where + " makes it UCS-2: 70 characters a part, not 160",
             !instead.empty() ? "write " + instead
             : alike ? "say `transliterate: yes`, say it with other characters, or have it cost "
                       "more parts"
                     : "say it with other characters, or have it cost more parts");
    }

    settings::position signature_place() {
        return root_.kind("signature") == settings::node_kind::map
                   ? root_.map("signature").where(language_)
                   : root_.where("signature");
    }

    // Whoever holds the phone reads the text. Staff knows names, and needs them.
    void look_at_masks(const settings::passage& written, const printed& shown) {
        for (const auto& f : shown.fields) {
            const auto kind = f.field->kind;
            if (f.masked || (kind != kind::text && kind != kind::number))
                continue;
            const auto& name = f.field->name;
            const bool number = kind == kind::number || looks_like_number(f.sample);
            if (!number && says_name(name)) {
                if (type_.category != category::staff)
                    tell(severity::warning, written.at(f.offset),
                         "'" + f.path + "' is shown in full: it is somebody's name",
                         "write " + f.path + " | mask_name");
            } else if (number || says_number(name)) {
                tell(severity::warning, written.at(f.offset),
                     "'" + f.path + "' is shown in full: it is a number of somebody's",
                     "write " + f.path + " | mask_number, or | last(4)");
            }
        }
    }

    void look_at_size(const std::string& sample) {
        const auto size = encoding::measure_text(sample);
        const auto room = room_of(sample);
        report_.samples.push_back({language_, size.code, size.parts, room});
        const auto parts = counted(size.parts, "part");
        if (size.parts > rules_.max_parts)
            tell(severity::error, texts_.where(language_),
                 "the sample's text has " + parts + ", more than `max_parts` (" +
                     std::to_string(rules_.max_parts) + "): such an event is parked",
                 "shorten it");
        else if (room <= little_room)
            tell(severity::warning, texts_.where(language_),
                 "the sample's text has " + parts + ", and room for " +
                     (room == 0 ? "nothing" : counted(room, "character")) +
                     " more: real data will often cost another part",
                 "shorten it by a few characters");
    }

    const event_type& type_;
    const lint_rules& rules_;
    settings::reader root_;
    settings::reader texts_;
    renderer render_;
    std::string language_; // that is looked at
    lint_report report_;
};

} // namespace

std::vector<std::string> languages_in_use(const std::vector<event_type>& types) {
    std::map<std::string, std::size_t> counts;
    for (const auto& type : types)
        for (const auto& wording : type.texts)
            ++counts[wording.language];
    std::vector<std::string> languages;
    for (const auto& [language, count] : counts)
        if (count * 2 > types.size())
            languages.push_back(language);
    return languages;
}

lint_report lint(const event_type& type, settings::document file, const lint_rules& rules) {
    return linter(type, std::move(file), rules).run();
}

} // namespace posthorn::templates

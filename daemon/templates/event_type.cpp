#include "templates/event_type.hpp"

#include "model/blank.hpp"
#include "model/consent.hpp"
#include "settings/reader.hpp"
#include "settings/yaml_files.hpp"
#include "templates/field_reader.hpp"
#include "templates/language.hpp"
#include "templates/letter_reader.hpp"
#include "templates/wording_reader.hpp"

#include <algorithm>
#include <chrono>

namespace posthorn::templates {

namespace {

using namespace std::chrono_literals;

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
        read_consent();
        read_times();
        read_withdrawal();
        type_.vulnerable = root_.choice("vulnerable", to_vulnerable_names, to_vulnerable::always);
        type_.redact = root_.choice("redact", redaction_names, redaction::never);
        if (type_.redact != redaction::never && std::ranges::any_of(type_.whom, is_for_many))
            root_.fail("redact", "what is told to many cannot be forgotten with the first of them: "
                                 "say whom: [number]");
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
        type_.contacts = read_words("contacts");
        type_.roles = read_words("roles");
        type_.once = root_.choice("one_per", one_per_names, one_per::number);
        if (auto map = root_.optional_map("collapse"); !map.is_void())
            type_.collapse = {map.choice<one_per>("by", one_per_names),
                              map.duration("hold", {1s, 24h})};
        type_.channels = root_.choices<channel>("channels", channel_names);
        if (type_.channels.empty())
            type_.channels.push_back(channel::sms);
        for (const auto& [kind, by] :
             {std::pair{to_kind::number, channel::sms}, std::pair{to_kind::topic, channel::sms},
              std::pair{to_kind::email, channel::email}})
            if (type_.accepts(kind) && !type_.goes_by(by))
                root_.fail("whom", std::string(name_of(kind)) + " needs " +
                                       std::string(name_of(by)) + " among `channels`");
    }

    std::vector<std::string> read_words(const std::string& key) {
        if (root_.kind(key) == settings::node_kind::missing)
            return {};
        auto words = root_.texts(key);
        for (const auto& word : words)
            if (is_blank(word))
                root_.fail(key, "has a blank word: leave it out, or say what it means");
        return words;
    }

    void read_consent() {
        const bool asks = asks_consent.has(type_.category);
        type_.needs_consent = root_.flag("needs_consent", asks);
        type_.opt_out_hint = root_.flag("opt_out_hint", false);
        if (!asks && type_.needs_consent)
            root_.fail("needs_consent", "nobody can opt out of " +
                                            std::string(name_of(type_.category)) +
                                            " texts: choose another category, or no");
        else if (type_.opt_out_hint && !type_.needs_consent)
            root_.fail("opt_out_hint", "nobody can opt out of this type, so its texts must not "
                                       "say so");
    }

    void read_times() {
        const bool urgent = type_.priority == priority::urgent;
        type_.validity = root_.duration("validity", {10s, 63 * 24h});
        type_.doubt = root_.choice("on_uncertain", on_uncertain_names, usual_doubt(type_.category));
        type_.uncertain_wait = root_.duration("uncertain_wait", urgent ? 10s : 60s, {0s, 24h});
        type_.hold_for = root_.duration("hold_for", 24h, {1s, 30 * 24h});
        type_.transliterate = root_.flag("transliterate", false);
        if (auto map = root_.optional_map("failover"); !map.is_void())
            type_.failover = read_failover(map);
    }

    failover_rule read_failover(settings::reader& map) {
        failover_rule out;
        const auto on = map.choices<failover_cause>("on", failover_cause_names);
        for (const auto cause : on)
            (cause == failover_cause::undelivered ? out.undelivered : out.no_receipt) = true;
        if (on.empty())
            map.fail("on", "say when: [undelivered, no_receipt], or one of them");
        out.at_most = static_cast<unsigned>(map.integer("at_most", {1, 5}, 1));
        if (out.no_receipt)
            out.after = map.duration("after", {5s, 24h});
        else if (map.has("after"))
            map.fail("after", "is how long a receipt is waited for: say on: [no_receipt]");
        if (out.after >= type_.validity && type_.validity > 0s)
            map.fail("after", "must be shorter than `validity`, after which nothing is sent");
        if (!type_.goes_by(channel::sms))
            map.fail("on", "only texts to phones go by another account");
        return out;
    }

    void read_withdrawal() {
        type_.withdraws = read_words("withdraws");
        type_.only_told = root_.flag("only_told", false);
        if (type_.only_told && type_.withdraws.empty())
            root_.fail("only_told", "say with withdraws: of which types one was told");
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
        std::vector<std::string> languages, of_emails;
        if (type_.goes_by(channel::sms)) {
            languages = read_wordings(root_, "texts", type_);
            read_signatures(languages);
        } else if (root_.has("texts")) {
            root_.fail("texts", "are for phones, and `channels` does not name sms");
        }
        if (type_.goes_by(channel::email))
            of_emails = read_letters(root_, "emails", type_, type_.emails);
        else if (root_.has("emails"))
            root_.fail("emails", "`channels` does not name email: say channels: [sms, email]");
        const bool for_phones = type_.goes_by(channel::sms);
        type_.default_language = read_default_language(root_, for_phones ? languages : of_emails);
        if (for_phones && !of_emails.empty() &&
            std::ranges::find(of_emails, type_.default_language) == of_emails.end())
            root_.fail("emails", "there is none in the default_language");
    }

    void read_signatures(const std::vector<std::string>& languages) {
        auto each = root_.kind("signature") == settings::node_kind::map
                        ? std::optional(root_.map("signature"))
                        : std::nullopt;
        const auto one = each ? std::string() : root_.text("signature");
        for (const auto& language : languages) {
            const auto signature = each ? each->text(language) : one;
            check_signature(signature);
            for (auto& wording : type_.texts)
                if (wording.language == language)
                    wording.signature = with_brackets(signature, language);
        }
    }

    void check_signature(const std::string& signature) {
        if (signature.find("【") != std::string::npos ||
            signature.find("】") != std::string::npos ||
            signature.find_first_of("[]\n") != std::string::npos)
            root_.fail("signature", "is written without brackets: they are put around it");
        else if (!signature.empty() && is_blank(signature)) // an empty one is told already
            root_.fail("signature", "is blank: write who sends the text");
    }

    settings::reader root_;
    event_type type_;
};

// The sample must be data a source may send, and must make a text in every language, also when a
// source sends no more than it must.
void try_sample(const event_type& type, settings::reader& root) {
    if (const auto reason = validate(type, type.sample)) {
        root.fail("sample", *reason);
        return;
    }
    if (!type.texts.empty()) {
        auto texts = root.map("texts");
        try_wordings(type, type.sample, texts, "an event");
    }
    if (!type.emails.empty()) {
        auto emails = root.map("emails");
        try_letters(type, type.emails, type.sample, emails);
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

bool event_type::goes_by(channel c) const {
    return std::ranges::find(channels, c) != channels.end();
}

std::optional<event_type> read_type(std::string text, const std::filesystem::path& file,
                                    const zone& default_zone, settings::problem_list& problems) {
    return read_document(settings::document::parse(std::move(text), file.string()), file,
                         default_zone, problems);
}

loaded_types load_types(const std::filesystem::path& directory, const zone& default_zone) {
    loaded_types loaded;
    for (const auto& file : settings::yaml_files(directory, loaded.problems))
        if (auto type =
                read_document(settings::document::load(file), file, default_zone, loaded.problems))
            loaded.types.push_back(std::move(*type));
    std::sort(loaded.types.begin(), loaded.types.end(),
              [](const event_type& a, const event_type& b) { return a.name < b.name; });
    return loaded;
}

} // namespace posthorn::templates

#include "commands/command_reader.hpp"

#include "commands/acts.hpp"
#include "commands/answer_fields.hpp"
#include "commands/overlaps.hpp"
#include "templates/icu_text.hpp"
#include "templates/wording_reader.hpp"

#include <algorithm>

namespace posthorn::commands {

namespace {

constexpr std::size_t most_arguments = 6;

const lookup_shape* find_shape(const command& c, std::span<const lookup_shape> lookups) {
    if (c.does)
        return &shape_of(*c.does);
    const auto found = std::ranges::find(lookups, c.lookup, &lookup_shape::name);
    return found == lookups.end() ? nullptr : &*found;
}

std::string listed(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names)
        out += (out.empty() ? "" : ", ") + name;
    return out;
}

class command_reader {
public:
    command_reader(settings::reader root, const templates::zone& zone,
                   std::span<const lookup_shape> lookups)
        : root_(std::move(root)), lookups_(lookups) {
        command_.answer.zone = zone;
        command_.empty.zone = zone;
    }

    command read(const std::string& file_name) {
        read_name(file_name);
        command_.order = root_.integer("order", {0, 1'000'000}, command_.order);
        const auto who = choose<asker>("who", asker_names);
        command_.who = who.value_or(asker::anyone);
        read_roles();
        read_takes();
        const auto* shape = read_purpose();
        if (!who) // what is wrong with it says nothing of the rest
            shape = nullptr;
        if (shape != nullptr)
            check_takes(*shape);
        if (who && command_.does)
            check_who();
        read_passing();
        read_work();
        read_help();
        read_answers(shape);
        command_.default_language = templates::read_default_language(root_, languages_);
        command_.answer.default_language = command_.default_language;
        command_.empty.default_language = command_.default_language;
        read_words();
        return std::move(command_);
    }

private:
    // Nothing once the mistake is recorded.
    template <class Enum, std::size_t Count>
    std::optional<Enum> choose(const char* key, const std::array<std::string_view, Count>& names) {
        const auto value = root_.choice<Enum>(key, names);
        if (root_.kind(key) != settings::node_kind::scalar ||
            root_.text(key, std::string(names[0])) != name_of(value))
            return std::nullopt;
        return value;
    }

    void read_name(const std::string& file_name) {
        command_.name = root_.text("name");
        if (!command_.name.empty() && command_.name != file_name)
            root_.fail("name", "must be the name of the file, '" + file_name + "', is '" +
                                   command_.name + "'");
    }

    void read_roles() {
        command_.roles = root_.texts("roles", {});
        const bool may = command_.who == asker::staff || must_prove(command_.who);
        if (root_.has("roles") && !may)
            root_.fail("roles",
                       "are of the staff: write 'who: staff', 'pin' or 'step_up', or remove them");
    }

    void check_who() {
        const auto does = *command_.does;
        if (does == act::change_contact && (!must_prove(command_.who) || !command_.roles.empty()))
            root_.fail("who", "only who has proven who it is may change a number: write 'step_up' "
                              "or 'pin', without roles");
        if ((does == act::report_work || does == act::end_work) && !is_for_staff(command_))
            root_.fail("who", "only the staff works: write 'pin' with roles, or 'staff'");
    }

    void read_passing() {
        command_.passes_to = root_.text("passes_to", "");
        const bool may = command_.does == act::change_contact || command_.does == act::report_work;
        if (root_.has("passes_to") && !may)
            root_.fail("passes_to", "is for 'does: change_contact' and 'does: report_work'");
    }

    void read_work() {
        command_.with_work = root_.flag("with_work", false);
        if (command_.with_work && (command_.does || command_.who != asker::bound))
            root_.fail("with_work", "is for a lookup with 'who: bound': the work where the account "
                                    "is");
    }

    void read_takes() {
        for (auto& map : root_.maps("takes")) {
            argument a;
            a.name = map.text("name");
            a.kind = map.choice<argument_kind>("kind", argument_kind_names);
            a.required = map.flag("required", true);
            check_argument(map, a);
            command_.takes.push_back(std::move(a));
        }
        if (command_.takes.size() > most_arguments)
            root_.fail("takes", "more than 6 arguments: nobody texts so many");
        for (std::size_t i = 0; i + 1 < command_.takes.size(); ++i)
            if (takes_the_rest(command_.takes[i].kind))
                root_.fail("takes", "'" + command_.takes[i].name +
                                        "' takes the rest of the text: it must be the last");
    }

    void check_argument(settings::reader& map, const argument& a) {
        if (a.name.empty())
            return;
        if (!templates::is_field_name(a.name) || a.name == "rows")
            map.fail("name", "'" + a.name + "' is no name for an argument: use a-z, 0-9 and _");
        if (std::ranges::find(command_.takes, a.name, &argument::name) != command_.takes.end())
            map.fail("name", "'" + a.name + "' is given twice");
        if (a.name == "number")
            map.fail("name", "'number' is the phone that asks: call the argument otherwise");
        for (const auto kind : {argument_kind::account, argument_kind::pin, argument_kind::code})
            if (a.name == name_of(kind) && a.kind != kind)
                map.fail("kind", "an argument called " + a.name + " is of this kind");
        if (a.kind == argument_kind::pin && command_.who != asker::pin)
            map.fail("kind", "a PIN is asked for by 'who: pin'");
    }

    // What is looked up or done; null if it is not known.
    const lookup_shape* read_purpose() {
        const bool looks_up = root_.has("lookup");
        const bool does = root_.has("does");
        if (looks_up && does) {
            root_.fail("does", "write either 'lookup' or 'does'");
            return nullptr;
        }
        if (!looks_up && !does) {
            root_.fail("say what is looked up ('lookup: balance') or done ('does: menu')");
            return nullptr;
        }
        if (does) {
            command_.does = choose<act>("does", act_names);
            return command_.does ? &shape_of(*command_.does) : nullptr;
        }
        command_.lookup = root_.text("lookup");
        const auto* found = find_shape(command_, lookups_);
        if (found == nullptr && !command_.lookup.empty()) {
            std::vector<std::string_view> names;
            for (const auto& shape : lookups_)
                names.push_back(shape.name);
            root_.fail("lookup", "there is no lookup '" + command_.lookup + "'" +
                                     settings::did_you_mean(command_.lookup, names));
        }
        return found;
    }

    // Everything the lookup takes is known, and everything a phone may send is used.
    void check_takes(const lookup_shape& shape) {
        const auto key = command_.does ? "does" : "lookup";
        for (const auto& name : shape.takes) {
            const bool chosen = name == "account" && needs_binding(command_);
            const bool texted =
                std::ranges::find(command_.takes, name, &argument::name) != command_.takes.end();
            if (!chosen && !texted && name != "number")
                root_.fail(key, "takes '" + name + "': name an argument so" +
                                    (name == "account" ? ", or write 'who: bound'" : ""));
        }
        for (const auto& a : command_.takes) {
            const bool used = std::ranges::find(shape.takes, a.name) != shape.takes.end();
            const bool proves =
                a.kind == argument_kind::pin || (a.name == "account" && needs_binding(command_));
            if (command_.does)
                if (const auto kind = kind_of(*command_.does, a.name); kind && *kind != a.kind)
                    root_.fail("takes", "'" + a.name + "' is of the kind " +
                                            std::string(name_of(*kind)) + " here");
            if (!used && !proves)
                root_.fail("takes", "'" + a.name + "' is used by nothing: '" + shape.name +
                                        "' takes " +
                                        (shape.takes.empty() ? "nothing" : listed(shape.takes)));
        }
    }

    void read_help() {
        auto help = root_.map("help");
        languages_ = help.keys();
        std::ranges::sort(languages_);
        if (languages_.empty() && !help.is_void())
            root_.fail("help", "has no line in any language");
        for (const auto& language : languages_) {
            auto line = help.text(language);
            if (!templates::is_language(language))
                help.fail(language, "'" + language + "' is no language; write zh-CN, en, ..");
            if (line.find('\n') != std::string::npos)
                help.fail(language, "is one line of the menu");
            command_.help.push_back({language, std::move(line)});
        }
    }

    void read_answers(const lookup_shape* shape) {
        const bool answered = root_.has("answer");
        const bool emptied = root_.has("empty");
        if (shape == nullptr)
            return;
        if (command_.does && !has_texts(*command_.does)) {
            if (answered || emptied)
                root_.fail(answered ? "answer" : "empty",
                           "is made of the help lines: remove this text");
            return;
        }
        command_.answer.fields = answer_fields(command_, *shape);
        command_.empty.fields = empty_fields(command_);
        read_texts("answer", command_.answer);
        read_texts("empty", command_.empty);
    }

    void read_texts(const char* key, templates::wording_set& set) {
        const auto languages = templates::read_wordings(root_, key, set);
        if (languages.empty() || languages_.empty())
            return;
        auto texts = root_.map(key);
        auto help = root_.map("help");
        for (const auto& language : languages_)
            if (std::ranges::find(languages, language) == languages.end())
                texts.fail("there is no text in '" + language + "', which 'help' has");
        for (const auto& language : languages)
            if (std::ranges::find(languages_, language) == languages_.end())
                help.fail("there is no line in '" + language + "', which '" + key + "' has");
    }

    void read_words() {
        auto words = root_.map("words");
        const auto languages = words.keys();
        if (languages.empty() && !words.is_void())
            root_.fail("words", "are missing: [余额, YE]");
        for (const auto& language : languages) {
            const auto written = words.texts(language);
            if (written.empty() && words.kind(language) == settings::node_kind::list)
                words.fail(language, "has no word");
            if (!languages_.empty() && std::ranges::find(languages_, language) == languages_.end())
                words.fail(language, "nothing can be answered in '" + language + "'");
            for (const auto& text : written)
                read_word(words, language, text);
        }
    }

    void read_word(settings::reader& words, const std::string& language, const std::string& text) {
        if (const auto reason = unusable(text))
            return words.fail(language, *reason);
        command same{.name = "this command"};
        for (const auto& known : command_.words)
            if (const auto reason = confusion(text, known.text, same))
                return words.fail(language, *reason);
        command_.words.push_back({text, language});
    }

    settings::reader root_;
    std::span<const lookup_shape> lookups_;
    command command_;
    std::vector<std::string> languages_; // of the help lines: all texts have the same
};

} // namespace

command read_command(settings::reader root, const std::string& file_name,
                     const templates::zone& zone, std::span<const lookup_shape> lookups) {
    return command_reader(std::move(root), zone, lookups).read(file_name);
}

void try_answers(const command& c, settings::reader root, std::span<const lookup_shape> lookups) {
    const auto* shape = find_shape(c, lookups);
    if (shape == nullptr || c.answer.texts.empty())
        return;
    const auto arguments = sample_arguments(c);
    auto data = answer_data(arguments, {shape->sample});
    if (c.with_work)
        data["work"] = boost::json::array{work_shape().sample};
    if (const auto reason = templates::validate(c.answer, data))
        return root.fail("lookup", "its sample is not as its fields: " + *reason);
    auto answer = root.map("answer");
    templates::try_wordings(c.answer, data, answer, "a row");
    if (c.with_work) {
        auto alone = answer_data(arguments, {});
        alone["work"] = data.at("work");
        templates::try_wordings(c.answer, alone, answer, "no row, but work of crews");
    }
    auto empty = root.map("empty");
    templates::try_wordings(c.empty, arguments, empty, "a question");
}

} // namespace posthorn::commands

#include "topics/topic_reader.hpp"

#include "commands/overlaps.hpp"
#include "commands/word_key.hpp"
#include "encoding/plain_text.hpp"
#include "model/digits.hpp"
#include "model/hours_text.hpp"
#include "templates/field.hpp"
#include "templates/icu_text.hpp"
#include "templates/wording_reader.hpp"
#include "topics/item_data.hpp"

#include <algorithm>

namespace posthorn::topics {

namespace {

using namespace std::chrono_literals;
using templates::event_type;

template <class Named>
const Named* find(std::span<const Named> all, std::string_view name) {
    const auto found = std::ranges::find(all, name, &Named::name);
    return found == all.end() ? nullptr : &*found;
}

// The same, told where it is not there.
template <class Named>
const Named* must_find(std::span<const Named> all, const std::string& name, const char* kind,
                       settings::reader& map, const char* key) {
    const auto* found = find(all, name);
    if (found != nullptr || name.empty())
        return found;
    std::vector<std::string_view> names;
    for (const auto& one : all)
        names.push_back(one.name);
    map.fail(key, "there is no " + std::string(kind) + " '" + name + "'" +
                      settings::did_you_mean(name, names));
    return nullptr;
}

class topic_reader {
public:
    topic_reader(settings::reader root, const known_things& known)
        : root_(std::move(root)), known_(known) {}

    topic read(const std::string& file_name) {
        read_name(file_name);
        topic_.description = read_lines("description", root_.map("description"));
        for (const auto& l : topic_.description)
            languages_.push_back(l.language);
        topic_.default_language = templates::read_default_language(root_, languages_);
        read_words();
        read_parameter();
        read_entitlement();
        if (root_.has("fee"))
            topic_.fee = read_lines("fee", root_.map("fee"));
        topic_.refuse = root_.choice("refuse", refusal_names, refusal::politely);
        read_hours();
        topic_.expires_after =
            root_.duration("expires_after", duration{}, {.least = 24h, .most = 36'600 * 24h});
        topic_.extension = root_.text("extension", "");
        if (!all_digits(topic_.extension))
            root_.fail("extension", "is made of digits");
        topic_.type = root_.text("type");
        read_feeds();
        read_query();
        check_type();
        return std::move(topic_);
    }

private:
    void read_name(const std::string& file_name) {
        topic_.name = root_.text("name");
        if (topic_.name.empty())
            return;
        if (topic_.name != file_name)
            root_.fail("name", "must be the name of the file, '" + file_name + "', is '" +
                                   topic_.name + "'");
        if (topic_.name.size() > 64 || !std::ranges::all_of(topic_.name, [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
            }))
            root_.fail("name", "is made of a-z, 0-9, _ and . (at most 64)");
    }

    // One line of text in each language; all have the languages of the description.
    std::vector<line> read_lines(const char* key, settings::reader map) {
        std::vector<line> lines;
        for (const auto& language : map.keys()) {
            auto text = map.text(language);
            if (!templates::is_language(language))
                map.fail(language, "'" + language + "' is no language; write zh-CN, en, ..");
            if (text.find('\n') != std::string::npos)
                map.fail(language, "is one line");
            lines.push_back({language, std::move(text)});
        }
        if (lines.empty() && !map.is_void())
            root_.fail(key, "has no line in any language");
        for (const auto& language : languages_)
            if (!map.is_void() &&
                std::ranges::find(lines, language, &line::language) == lines.end())
                map.fail("there is no line in '" + language + "', which 'description' has");
        std::ranges::sort(lines, {}, &line::language);
        return lines;
    }

    void read_words() {
        auto words = root_.map("words");
        const auto languages = words.keys();
        if (languages.empty() && !words.is_void())
            root_.fail("words", "are missing: [停电信息, TDXX]");
        for (const auto& language : languages) {
            if (!languages_.empty() && std::ranges::find(languages_, language) == languages_.end())
                words.fail(language, "'description' has no line in '" + language + "'");
            for (const auto& text : words.texts(language))
                read_word(words, language, text);
        }
    }

    void read_word(settings::reader& words, const std::string& language, const std::string& text) {
        const auto key = commands::key_of(text);
        if (auto reason = commands::unusable(text))
            return words.fail(language, *reason);
        if (key.letters.empty())
            return words.fail(language, "'" + text + "' has no letter");
        for (const auto& known : topic_.words)
            if (commands::key_of(known.text).letters == key.letters)
                return words.fail(language, "'" + text + "' is also '" + known.text + "'");
        if (const auto which = opt_out_of(text); !which.empty())
            return words.fail(language, "'" + text + "' is a word for " + which +
                                            " in `consent.categories` of posthorn.yaml: after an "
                                            "opt-out word it means that");
        topic_.words.push_back({text, language});
    }

    // The category that a phone opts out of when this follows the word. Of those that cannot be
    // opted out of nothing is lost: there the topic is meant by who has subscribed to it.
    std::string opt_out_of(const std::string& word) const {
        const auto plainly = encoding::plain_text(word);
        for (const auto& [which, languages] : known_.consent.categories)
            for (const auto& [language, names] : languages)
                for (const auto& name : names)
                    if (!categories_of(which).empty() && encoding::plain_text(name) == plainly)
                        return std::string(category_or_all(which));
        return {};
    }

    void read_parameter() {
        if (!root_.has("parameter"))
            return;
        auto map = root_.map("parameter");
        parameter p{.name = map.text("name"), .from = {}};
        if (!p.name.empty() && (!templates::is_field_name(p.name) || p.name == "rows"))
            map.fail("name", "'" + p.name + "' is no name for a parameter: use a-z, 0-9 and _");
        if (map.has("from"))
            p.from = map.choice<person_field>("from", person_field_names);
        topic_.takes = std::move(p);
    }

    void read_entitlement() {
        auto map = root_.optional_map("entitled");
        auto& e = topic_.entitled;
        e.registered = map.flag("registered", true);
        e.roles = map.texts("roles", {});
        e.tiers = map.texts("tiers", {});
        e.areas = map.texts("areas", {});
        if (!e.registered && !(e.roles.empty() && e.tiers.empty() && e.areas.empty()))
            map.fail("registered", "'no' lets anyone in, and nobody unknown has a role, a tier or "
                                   "an area: remove one of them");
        if (!map.has("parameter"))
            return;
        constexpr std::array<std::string_view, 2> names{"any", "own"};
        enum class whose : std::uint8_t { any, own };
        e.own_parameter = map.choice<whose>("parameter", names) == whose::own;
        if (e.own_parameter && !(topic_.takes && topic_.takes->from))
            map.fail("parameter", "'own' needs a parameter of the topic with 'from: area' (role, "
                                  "tier): where else is it known from?");
    }

    void read_hours() {
        const auto written = root_.text("hours", "");
        if (written.empty())
            return;
        if (const auto hours = hours_from(written))
            topic_.hours = *hours;
        else
            root_.fail("hours", "are written 08:00-21:00, or left out: all day");
    }

    void read_feeds() {
        for (auto& map : root_.maps("feeds")) {
            feed f{.type = map.text("type"), .parameter = map.text("parameter", "")};
            const auto* type = must_find(known_.types, f.type, "type", map, "type");
            if (type != nullptr && !f.parameter.empty())
                check_feed_parameter(*type, f, map);
            if (!f.parameter.empty() && !topic_.takes)
                map.fail("parameter", "the topic has no parameter: remove this, or name one");
            if (std::ranges::find(topic_.feeds, f.type, &feed::type) != topic_.feeds.end())
                map.fail("type", "'" + f.type + "' feeds it twice");
            topic_.feeds.push_back(std::move(f));
        }
    }

    static void check_feed_parameter(const event_type& type, const feed& f, settings::reader& map) {
        std::vector<std::string_view> names;
        for (const auto& field : type.fields)
            names.push_back(field.name);
        const auto found = std::ranges::find(type.fields, f.parameter, &templates::field::name);
        if (found == type.fields.end())
            map.fail("parameter", "events of " + type.name + " have no field '" + f.parameter +
                                      "'" + settings::did_you_mean(f.parameter, names));
        else if (found->kind != templates::kind::text && found->kind != templates::kind::choice)
            map.fail("parameter", "the field is a " + std::string(templates::name_of(found->kind)) +
                                      "; a parameter is a text");
        else if (!found->required)
            map.fail("parameter", "the field is not required: an event without it would be for "
                                  "nobody");
    }

    void read_query() {
        if (!root_.has("query"))
            return;
        auto map = root_.map("query");
        query q{.lookup = map.text("lookup")};
        const auto* lookup = must_find(known_.lookups, q.lookup, "lookup", map, "lookup");
        read_schedule(map.map("at"), q.at);
        q.late = map.duration("late", 12h, {.least = 1min, .most = 31 * 24h});
        q.each_row = map.flag("each_row", false);
        q.item = map.text("item", "");
        if (q.each_row && q.item.empty())
            map.fail("each_row", "needs 'item': the column that names each row for ever");
        if (!q.each_row && !q.item.empty())
            map.fail("item", "is for 'each_row: yes': all rows together are named by their time");
        if (lookup != nullptr)
            check_lookup(*lookup, q, map);
        topic_.query = std::move(q);
    }

    void check_lookup(const commands::lookup_shape& lookup, query& q, settings::reader& map) const {
        for (const auto& name : lookup.takes)
            if (topic_.takes && name == topic_.takes->name)
                q.takes_parameter = true;
            else
                map.fail("lookup", "takes '" + name + "', which nobody gives it here" +
                                       (topic_.takes ? "; the parameter of the topic is called '" +
                                                           topic_.takes->name + "'"
                                                     : ""));
        if (topic_.takes && !q.takes_parameter)
            map.fail("lookup",
                     "does not take '" + topic_.takes->name +
                         "', the parameter of the topic: each subscriber would get all of it");
        if (q.item.empty())
            return;
        const auto column = std::ranges::find(lookup.fields, q.item, &templates::field::name);
        if (column == lookup.fields.end())
            map.fail("item", "the lookup has no field '" + q.item + "'");
        else if (!column->required)
            map.fail("item", "the field is not required: a row without it would have no name");
    }

    void read_schedule(settings::reader map, schedule_text& at) const {
        std::vector<schedule_kind> given;
        for (std::size_t i = 0; i < schedule_kind_names.size(); ++i)
            if (map.has(schedule_kind_names[i]))
                given.push_back(static_cast<schedule_kind>(i));
        if (map.is_void())
            return;
        if (given.size() != 1) {
            map.fail("has one of cron: \"30 18 * * 1-5\", month_end: \"18:00\" and dates: "
                     "[2026-12-31T09:00]");
            return;
        }
        at.kind = given.front();
        const std::string key(name_of(at.kind));
        at.texts = at.kind == schedule_kind::dates ? map.texts(key)
                                                   : std::vector<std::string>{map.text(key)};
        if (at.texts.empty() && map.kind(key) == settings::node_kind::list)
            map.fail(key, "names no date");
        if (at.texts.empty() || at.texts.front().empty() || !known_.schedule_mistake)
            return;
        if (const auto why = known_.schedule_mistake(at); !why.empty())
            map.fail(key, why);
    }

    void check_type() {
        const auto* type = must_find(known_.types, topic_.type, "type", root_, "type");
        if (type == nullptr)
            return;
        if (type->needs_consent)
            topic_.stopped_by = type->category;
        if (!type->accepts(to_kind::number))
            root_.fail("type",
                       "messages go to numbers, and 'whom' of " + type->name + " has no number");
        if (topic_.feeds.empty() && !topic_.query && !type->accepts(to_kind::topic))
            root_.fail("nothing is ever published: name 'feeds' or a 'query', or the type's 'whom' "
                       "has topic");
    }

    settings::reader root_;
    const known_things& known_;
    topic topic_;
    std::vector<std::string> languages_; // of the description
};

// Why events of one type cannot be told with the texts of another; empty: they can.
std::string misfit(const event_type& from, const event_type& to) {
    for (const auto& f : to.fields) {
        const auto given = std::ranges::find(from.fields, f.name, &templates::field::name);
        if (f.required && (given == from.fields.end() || !given->required))
            return "its texts need '" + f.name + "', which events of " + from.name +
                   " need not have";
    }
    if (const auto why = templates::validate(to, from.sample))
        return "the sample of " + from.name + " does not fit it: " + *why;
    return {};
}

} // namespace

topic read_topic(settings::reader root, const std::string& file_name, const known_things& known) {
    return topic_reader(std::move(root), known).read(file_name);
}

void try_items(const topic& t, settings::reader root, const known_things& known) {
    const auto* type = find(known.types, t.type);
    if (type == nullptr)
        return;
    for (const auto& f : t.feeds)
        if (const auto* from = find(known.types, f.type); from != nullptr && from != type)
            if (const auto why = misfit(*from, *type); !why.empty())
                root.fail("type", why);
    const auto* lookup = t.query ? find(known.lookups, t.query->lookup) : nullptr;
    if (lookup == nullptr)
        return;
    const auto data = item_data(t, {lookup->sample}, "sample");
    if (const auto why = templates::validate(*type, data))
        root.map("query").fail("lookup",
                               "its sample does not fit the type " + t.type + ": " + *why);
}

} // namespace posthorn::topics

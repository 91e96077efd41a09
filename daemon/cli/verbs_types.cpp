// `posthorn types` and `posthorn test event`: from the configuration alone, without the daemon; but what a
// type said before, the daemon knows.
#include "cli/daemon_call.hpp"
#include "cli/event_data.hpp"
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/preview.hpp"
#include "cli/printable.hpp"
#include "cli/site.hpp"
#include "cli/target.hpp"
#include "cli/test_verbs.hpp"
#include "encoding/parts.hpp"
#include "templates/renderer.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

int list_types(const shared_options& shared, console& to) {
    std::string problems;
    const auto known = load_catalogue(load_site(config_path(shared.config)), problems);
    if (shared.json)
        to.out << json_line(types_json(*known));
    else
        to.out << types_page(*known);
    if (problems.empty())
        return fine;
    to.err << "posthorn: these types have mistakes and are left out:\n" << problems;
    return refused;
}

struct types_options {
    std::string type;
    bool versions = false;
    std::string print; // the number of a version
};

int show_versions(const types_options& o, const shared_options& shared, console& to) {
    if (o.type.empty() || (!o.versions && o.print.empty()))
        throw failure("say which type, and what of it: `posthorn types TYPE --versions`, or "
                      "`--print N` for the text of one version");
    const auto all = must(daemon_of(shared).get("/v1/types/" + url_encoded(o.type) + "/versions"));
    if (o.print.empty())
        return print(shared, all, versions_page, to);
    for (const auto& v : list_at(all, "versions"))
        if (id_at(v, "version") == o.print)
            return print(shared, v, version_page, to);
    throw failure(o.type + " has no version " + o.print + ": `posthorn types " + o.type +
                  " --versions` lists them");
}

struct test_options {
    std::string type;
    std::string data;
    std::vector<std::string> sets;
    std::string language;
    std::string channel;
    std::string to; // a number
};

// Of the type's channels the one asked for, else its first.
channel channel_of(const test_options& o, const templates::event_type& type) {
    const auto asked = value_named<channel>(channel_names, o.channel);
    if (!o.channel.empty() && !asked)
        throw failure("--channel: sms or email");
    if (asked && !type.goes_by(*asked))
        throw failure(o.type + " does not go by " + o.channel + ": see `channels` in its file");
    return asked ? *asked : type.channels.front();
}

void tell_other_language(const test_options& o, std::string_view made, console& to) {
    if (!o.language.empty() && made != o.language)
        to.err << "posthorn: " << o.type << " has no text in '" << printable(o.language)
               << "': this is the one in " << made << '\n';
}

int show_letter(const test_options& o, const templates::event_type& type,
                const boost::json::object& data, const shared_options& shared, console& to) {
    templates::renderer renderer;
    const auto made = renderer.render_letter(
        type, type.emails, o.language.empty() ? type.default_language : o.language, data);
    if (!made)
        throw failure(o.type + ": " + made.error().reason);
    tell_other_language(o, made->language, to);
    const auto text = write_letter(made->text); // as it is stored and sent
    if (shared.json)
        to.out << json_line(letter_json(read_letter(text), made->language));
    else
        to.out << letter_page(read_letter(text), made->language);
    return fine;
}

// And by which account it would go to a number, in which parts, for how much.
void show_text(const test_options& o, const templates::rendered& text, unsigned max_parts,
               const shared_options& shared, console& to) {
    boost::json::value route;
    if (!o.to.empty())
        route = must(daemon_of(shared).post(
            "/v1/test/route", given({{"number", o.to}, {"type", o.type}, {"text", text.text}})));
    if (shared.json) {
        auto out = text_json(text.text, text.language, max_parts, text.asked_for);
        if (!route.is_null())
            out["route"] = std::move(route);
        to.out << json_line(out);
        return;
    }
    to.out << text_page(text.text, text.language, max_parts, text.asked_for);
    if (!route.is_null())
        to.out << '\n' << printable(route_page(route));
}

int test_event(const test_options& o, const shared_options& shared, console& to) {
    std::string problems;
    const auto known = load_catalogue(load_site(config_path(shared.config)), problems);
    const auto& type = type_or_fail(*known, o.type, problems);
    auto data = data_of(o.data, o.sets, &type);
    const auto unknown = unknown_fields(data, type);
    if (o.data.empty()) // the type's sample, changed by --set
        for (const auto& [name, value] : type.sample)
            data.emplace(name, value);
    if (channel_of(o, type) == channel::email) {
        if (!unknown.empty())
            throw failure(o.type + ": " + unknown);
        return show_letter(o, type, data, shared, to);
    }
    templates::renderer renderer;
    const auto text =
        renderer.render(type, o.language.empty() ? type.default_language : o.language, data);
    if (!text)
        throw failure(o.type + ": " + text.error().reason + (unknown.empty() ? "" : "; ") +
                      unknown);
    if (!unknown.empty())
        throw failure(o.type + ": " + unknown);
    tell_other_language(o, text->language, to);
    show_text(o, *text, known->max_parts, shared, to);
    encoding::split_options limits;
    limits.max_parts = known->max_parts;
    return encoding::split(text->text, limits) ? fine : refused;
}

} // namespace

void add_types(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<types_options>();
    auto* verb = app.add_subcommand("types", "List the event types of the configuration");
    verb->add_option("TYPE", o->type, "With --versions or --print: of this one");
    verb->add_flag("--versions", o->versions, "What its texts ever said: since when, and by whom");
    verb->add_option("--print", o->print, "The text of this version, as it was written");
    verb->callback([o, &shared, &chosen] {
        const bool of_one = !o->type.empty() || o->versions || !o->print.empty();
        chosen = [of_one, o, &shared](console& to) {
            return of_one ? show_versions(*o, shared, to) : list_types(shared, to);
        };
    });
}

void add_test(CLI::App& app, const shared_options& shared, action& chosen) {
    auto* verb = app.add_subcommand("test", "Try something without sending anything");
    verb->require_subcommand(1);
    auto o = std::make_shared<test_options>();
    auto* event = verb->add_subcommand("event", "Show the text of an event, and its parts");
    event->add_option("TYPE", o->type, "Event type, e.g. bill.issued")->required();
    event->add_option("--data", o->data, "Fields as a JSON object, or @FILE [the type's sample]");
    event->add_option("--set", o->sets, "field=value on top of it")->allow_extra_args(false);
    event->add_option("--language", o->language, "zh-CN, en, ... [the type's default]");
    event->add_option("--channel", o->channel, "sms or email [the type's first]");
    event->add_option("--to", o->to,
                      "Also what it costs to this number, by which account (asks the daemon)");
    event->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return test_event(*o, shared, to); };
    });
    add_test_command(*verb, shared, chosen);
    add_test_route(*verb, shared, chosen);
    add_test_timer(*verb, shared, chosen);
}

} // namespace posthorn::cli

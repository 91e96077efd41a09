// `posthorn test timer`: what an event would begin, when each step would be made, and with which text.
// From the configuration alone, without the daemon.
#include "cli/event_data.hpp"
#include "cli/json_text.hpp"
#include "cli/preview.hpp"
#include "cli/printable.hpp"
#include "cli/site.hpp"
#include "cli/test_verbs.hpp"
#include "cli/when.hpp"
#include "model/time_text.hpp"
#include "templates/renderer.hpp"
#include "timers/maker.hpp"
#include "timers/timer_file.hpp"

#include <CLI/CLI.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <memory>

namespace posthorn::cli {

namespace {

struct timer_test_options {
    std::string timer, type, data, language, occurred;
    std::vector<std::string> sets;
};

const timers::timer& timer_or_fail(const timers::loaded_timers& loaded, const std::string& name,
                                   const std::filesystem::path& folder) {
    const auto found = std::ranges::find(loaded.timers, name, &timers::timer::name);
    if (found != loaded.timers.end())
        return *found;
    std::vector<std::string_view> names;
    for (const auto& t : loaded.timers)
        names.emplace_back(t.name);
    throw failure("there is no good timer '" + name + "' in " + folder.string() +
                  settings::did_you_mean(name, names) +
                  (loaded.problems.empty() ? "" : "\n" + settings::format(loaded.problems)));
}

// The event that would begin it: the sample of its type, changed by what was typed.
event beginning_of(const timer_test_options& o, const timers::timer& t,
                   const intake::catalogue& known, const std::string& problems) {
    const auto& type =
        type_or_fail(known, o.type.empty() ? t.starts_with.front().type : o.type, problems);
    if (t.begun_by(type.name) == nullptr)
        throw failure("events of " + type.name + " do not begin " + t.name);
    auto data = data_of(o.data, o.sets, &type);
    if (const auto unknown = unknown_fields(data, type); !unknown.empty())
        throw failure(type.name + ": " + unknown);
    if (o.data.empty())
        for (const auto& [name, value] : type.sample)
            data.emplace(name, value);
    const auto now = std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
    auto at = now;
    if (!o.occurred.empty()) {
        const auto read = parse_time(o.occurred);
        if (!read)
            throw failure("--occurred: " + read.error().reason);
        at = *read;
    }
    return {.key = "KEY",
            .type = type.name,
            .subject = "SUBJECT",
            .to_kind = std::string(name_of(to_kind::number)),
            .to_ref = "NUMBER",
            .data = boost::json::serialize(data),
            .occurred_at = at};
}

struct shown_step {
    instant due_at{};
    event made;
    std::string refusal, text, language;
};

shown_step shown_of(timers::maker& maker, const timers::timer& t, const timers::begun& b,
                    const event& of, const intake::catalogue& known, const std::string& language) {
    shown_step out{.due_at = b.due_at, .made = {}, .refusal = {}, .text = {}, .language = {}};
    auto made = maker.event_of(t, *b.of, of, b.due_at, b.due_at);
    if (!made) {
        out.made.type = b.of->type;
        out.refusal = made.error().reason;
        return out;
    }
    out.made = std::move(*made);
    const auto& type = *known.type_named(out.made.type);
    templates::renderer renderer;
    const auto text = renderer.render(type, language.empty() ? type.default_language : language,
                                      boost::json::parse(out.made.data).as_object());
    if (text) {
        out.text = text->text;
        out.language = text->language;
    } else {
        out.refusal = text.error().reason;
    }
    return out;
}

std::string step_page(const shown_step& s, unsigned max_parts) {
    std::string page = local_time(s.due_at) + "  " + s.made.type;
    if (!s.refusal.empty())
        return page + "\nwould be parked: " + s.refusal + "\n";
    page += "  to " + s.made.to_kind + " " + s.made.to_ref + "  key " + s.made.key + "\n";
    return page + text_page(s.text, s.language, max_parts);
}

boost::json::object step_json(const shown_step& s, unsigned max_parts) {
    boost::json::object out{{"due_at", rfc3339(s.due_at)}, {"type", s.made.type}};
    if (!s.refusal.empty()) {
        out["parked"] = s.refusal;
        return out;
    }
    out["to_kind"] = s.made.to_kind;
    out["to_ref"] = s.made.to_ref;
    out["key"] = s.made.key;
    out["data"] = boost::json::parse(s.made.data);
    out["text"] = text_json(s.text, s.language, max_parts);
    return out;
}

int test_timer(const timer_test_options& o, const shared_options& shared, console& to) {
    std::string problems;
    const auto site = load_site(config_path(shared.config));
    const auto known = load_catalogue(site, problems);
    const auto loaded = timers::load_timers(site.timers_dir, known->types);
    const auto& t = timer_or_fail(loaded, o.timer, site.timers_dir);
    const auto of = beginning_of(o, t, *known, problems);
    timers::maker maker;
    auto begun = maker.steps_of(t, of, instant{}); // also those whose time is over by now
    if (!begun)
        throw failure(of.type + ": " + begun.error().reason);
    for (auto& b : *begun) // at once
        if (b.due_at == instant{})
            b.due_at = of.occurred_at;
    std::erase_if(*begun, [](const auto& b) { return b.rule == step_rule::again; });
    std::ranges::sort(*begun, {}, [](const auto& b) { return std::pair(b.due_at, b.of); });
    boost::json::array steps;
    std::string page;
    for (const auto& b : *begun) {
        const auto s = shown_of(maker, t, b, of, *known, o.language);
        steps.push_back(step_json(s, known->max_parts));
        page += (page.empty() ? "" : "\n") + step_page(s, known->max_parts);
    }
    if (shared.json)
        to.out << json_line(boost::json::object{
            {"timer", t.name}, {"enabled", t.enabled}, {"steps", std::move(steps)}});
    else
        to.out << (t.enabled ? "" : t.name + " is off (enabled: no); it would make:\n\n")
               << (page.empty() ? "such an event begins nothing\n" : printable(page));
    return fine;
}

} // namespace

void add_test_timer(CLI::App& test, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<timer_test_options>();
    auto* verb =
        test.add_subcommand("timer", "Show what an event would begin: when, and with which texts");
    verb->add_option("NAME", o->timer, "The timer, e.g. arrears")->required();
    verb->add_option("--type", o->type, "Type of the event [the first that begins it]");
    verb->add_option("--data", o->data,
                     "Its fields as a JSON object, or @FILE [the type's sample]");
    verb->add_option("--set", o->sets, "field=value on top of it")->allow_extra_args(false);
    verb->add_option("--occurred", o->occurred, "When; RFC 3339, with a zone [now]");
    verb->add_option("--language", o->language, "zh-CN, en, ... [the type's default]");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return test_timer(*o, shared, to); };
    });
}

} // namespace posthorn::cli

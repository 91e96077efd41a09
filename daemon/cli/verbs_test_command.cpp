// `posthorn test command`: what would come of a text from a phone. The daemon knows phones and asks
// systems; without it there is what the configuration files say.
#include "answers/handbook.hpp"
#include "cli/daemon_call.hpp"
#include "cli/json_text.hpp"
#include "cli/pages.hpp"
#include "cli/preview.hpp"
#include "cli/printable.hpp"
#include "cli/site.hpp"
#include "cli/test_verbs.hpp"
#include "commands/command_file.hpp"
#include "commands/help.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace posthorn::cli {

namespace {

struct text_options {
    std::string text, from, to;
    bool offline = false;
};

std::string tried_page(const boost::json::value& tried, unsigned max_parts) {
    std::string page = command_page(tried);
    for (const auto& a : list_at(tried, "answers"))
        page += "\n" + text_page(text_at(a, "text"), text_at(a, "language"), max_parts);
    return list_at(tried, "answers").empty() ? page + "\nnothing would be answered\n" : page;
}

boost::json::value with_parts(boost::json::value tried, unsigned max_parts) {
    boost::json::array answers;
    for (const auto& a : list_at(tried, "answers")) {
        auto parts = text_json(text_at(a, "text"), text_at(a, "language"), max_parts);
        parts["interim"] = text_at(a, "interim") == "yes";
        answers.push_back(std::move(parts));
    }
    tried.as_object()["answers"] = std::move(answers);
    return tried;
}

int ask_daemon(const text_options& o, const socket_client& daemon, unsigned max_parts, bool as_json,
               console& to) {
    auto tried = must(
        daemon.post("/v1/test/command", given({{"from", o.from}, {"to", o.to}, {"text", o.text}})));
    if (as_json)
        to.out << json_line(with_parts(std::move(tried), max_parts));
    else
        to.out << printable(tried_page(tried, max_parts));
    return fine;
}

struct read_files {
    commands::matcher matcher;
    std::chrono::year_month_day today;
};

read_files read_commands(const settings::daemon_settings& site) {
    const auto zone = templates::zone::named(site.zone).value_or(templates::zone::utc());
    auto lookups = lookups::load_lookups(site.lookups_dir, site.systems, zone);
    auto loaded =
        commands::load_commands(site.commands_dir, zone, answers::shapes_of(lookups.lookups));
    lookups.problems.insert(lookups.problems.end(), loaded.problems.begin(), loaded.problems.end());
    if (!lookups.problems.empty())
        throw failure("the configuration has mistakes:\n" + settings::format(lookups.problems));
    const auto now = std::chrono::time_point_cast<duration>(std::chrono::system_clock::now());
    return {commands::matcher(std::move(loaded.commands)), zone.date_at(now)};
}

// The help line of what was understood; of all commands where nothing was.
std::string help_of(const commands::match_result& heard, const commands::matcher& all) {
    if (const auto* m = std::get_if<commands::matched>(&heard))
        return commands::help_line_of(*m->asked, m->language);
    if (const auto* m = std::get_if<commands::misused>(&heard))
        return commands::help_line_of(*m->asked, m->language);
    return commands::help_text(all.commands(), "");
}

int ask_files(const text_options& o, const settings::daemon_settings& site, bool as_json,
              console& to) {
    const auto files = read_commands(site);
    const auto heard = files.matcher.match(o.text, files.today);
    const auto help = help_of(heard, files.matcher);
    if (as_json)
        to.out << json_line(boost::json::object{{"match", commands::shown(heard)}, {"help", help}});
    else
        to.out << printable(commands::shown(heard) + "\n\n" + help + "\n");
    return fine;
}

int test_command(const text_options& o, const shared_options& shared, console& to) {
    const auto site = load_site(config_path(shared.config));
    if (o.offline)
        return ask_files(o, site, shared.json, to);
    const auto daemon = daemon_of(shared);
    if (daemon.reachable())
        return ask_daemon(o, daemon, site.max_parts, shared.json, to);
    to.err << "posthorn: posthornd cannot be reached: this is only what the files of "
           << site.file.string() << " say\n";
    return ask_files(o, site, shared.json, to);
}

} // namespace

void add_test_command(CLI::App& test, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<text_options>();
    auto* verb = test.add_subcommand(
        "command", "Show what would come of a text from a phone; nothing is sent or changed");
    verb->add_option("TEXT", o->text, "As the phone would send it")->required();
    auto* from = verb->add_option("--from", o->from, "The phone, in any spelling");
    verb->add_option("--to", o->to, "Our number that it is sent to");
    auto* offline = verb->add_flag("--offline", o->offline,
                                   "Only by the configuration files, whatever the phone");
    verb->callback([o, from, offline, &shared, &chosen] {
        if (from->empty() && offline->empty())
            throw CLI::RequiredError("--from");
        chosen = [o, &shared](console& to) { return test_command(*o, shared, to); };
    });
}

} // namespace posthorn::cli

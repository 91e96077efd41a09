// `posthorn lint`: the wording of event types, looked at by the configuration files alone.
#include "cli/json_text.hpp"
#include "cli/lint_page.hpp"
#include "cli/printable.hpp"
#include "cli/site.hpp"
#include "cli/verbs.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>

namespace posthorn::cli {

namespace {

struct lint_options {
    std::vector<std::string> types;
    bool strict = false;
};

templates::forbidden_words forbidden_of(const settings::daemon_settings& site) {
    const auto& file = site.forbidden_words;
    if (file.empty())
        return {};
    std::ifstream in(file, std::ios::binary);
    const std::string lines((std::istreambuf_iterator<char>(in)), {});
    if (!in.is_open() || in.bad())
        throw failure(file.string() + " cannot be read: `forbidden_words` in " +
                      site.file.string() + " names it");
    return templates::forbidden_words(lines);
}

// What keeps a type from being loaded stands before everything else about it.
std::vector<linted_type> unloadable(const settings::problem_list& problems) {
    std::vector<linted_type> all;
    for (const auto& p : problems) {
        if (all.empty() || all.back().file != p.file)
            all.push_back({std::filesystem::path(p.file).stem(), p.file, {}});
        templates::finding told;
        told.severity = templates::severity::error;
        told.at = {p.line, p.column};
        told.what = (p.path.empty() ? "" : p.path + ": ") + p.what;
        told.advice = "mend it: the type is not loaded";
        all.back().report.findings.push_back(std::move(told));
    }
    return all;
}

void keep_named_types(std::vector<linted_type>& all, const std::vector<std::string>& names) {
    std::vector<std::string_view> known;
    for (const auto& one : all)
        known.push_back(one.type);
    for (const auto& name : names)
        if (std::ranges::find(known, name) == known.end())
            throw failure("no type is called '" + name + "'" + settings::did_you_mean(name, known) +
                          "; see `posthorn types`");
    std::erase_if(all, [&](const linted_type& one) {
        return !names.empty() && std::ranges::find(names, one.type) == names.end();
    });
}

std::vector<linted_type> look_at_types(const settings::daemon_settings& site,
                                       const lint_options& o) {
    auto loaded = templates::load_types(site.types_dir, zone_of(site));
    templates::lint_rules rules;
    rules.languages = templates::languages_in_use(loaded.types);
    rules.forbidden = forbidden_of(site);
    rules.max_parts = site.max_parts;
    auto all = unloadable(loaded.problems);
    for (const auto& type : loaded.types) {
        const auto file = site.types_dir / (type.name + ".yaml");
        all.push_back({type.name, file.string(),
                       templates::lint(type, settings::document::load(file), rules)});
    }
    keep_named_types(all, o.types);
    return all;
}

int lint_types(const lint_options& o, const shared_options& shared, console& to) {
    const auto all = look_at_types(load_site(config_path(shared.config)), o);
    if (shared.json)
        to.out << json_line(lint_json(all));
    else
        to.out << printable(lint_page(all, !o.types.empty()));
    const bool errors = count_of(all, templates::severity::error) > 0;
    const bool warnings = count_of(all, templates::severity::warning) > 0;
    return errors || (o.strict && warnings) ? refused : fine;
}

} // namespace

void add_lint(CLI::App& app, const shared_options& shared, action& chosen) {
    auto o = std::make_shared<lint_options>();
    auto* verb = app.add_subcommand(
        "lint", "Find what is wrong with the wording of event types; exit code 1 for errors");
    verb->add_option("TYPE", o->types, "Only these, and the size of their texts [all types]");
    verb->add_flag("--strict", o->strict, "Exit code 1 for warnings, too");
    verb->callback([o, &shared, &chosen] {
        chosen = [o, &shared](console& to) { return lint_types(*o, shared, to); };
    });
}

} // namespace posthorn::cli

#include "cli/site.hpp"

#include "cli/console.hpp"
#include "settings/problem.hpp"
#include "templates/event_type.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace posthorn::cli {

std::filesystem::path config_path(const std::string& option) {
    if (!option.empty())
        return option;
    if (const char* path = std::getenv("POSTHORN_CONFIG"); path != nullptr && *path != '\0')
        return path;
    return "/etc/posthorn/posthorn.yaml";
}

settings::daemon_settings load_site(const std::filesystem::path& config) {
    if (!std::filesystem::exists(config))
        throw failure("no configuration at " + config.string() +
                          ": name it with --config FILE or in $POSTHORN_CONFIG",
                      usage);
    auto loaded = settings::load_daemon_settings(config);
    if (!loaded.problems.empty())
        throw failure("the configuration has mistakes:\n" + settings::format(loaded.problems));
    return std::move(loaded.settings);
}

templates::zone zone_of(const settings::daemon_settings& site) {
    if (auto zone = templates::zone::named(site.zone))
        return std::move(*zone);
    throw failure(site.file.string() + ": zone: no time zone is called '" + site.zone +
                  "'; the nearest is '" + templates::nearest_zone(site.zone) + "'");
}

std::shared_ptr<const intake::catalogue> load_catalogue(const settings::daemon_settings& site,
                                                        std::string& problems) {
    auto loaded = templates::load_types(site.types_dir, zone_of(site));
    problems += settings::format(loaded.problems);
    auto known = std::make_shared<intake::catalogue>();
    known->types = std::move(loaded.types);
    for (const auto& source : site.sources)
        known->sources.push_back({source.name, source.every_type, source.types});
    known->countries = site.countries;
    known->max_parts = site.max_parts;
    return known;
}

const templates::event_type& type_or_fail(const intake::catalogue& known, std::string_view name,
                                          const std::string& problems) {
    if (const auto* type = known.type_named(name))
        return *type;
    std::vector<std::string_view> names;
    for (const auto& type : known.types)
        names.push_back(type.name);
    std::string sentence = "no type is called '" + std::string(name) + "'" +
                           settings::did_you_mean(name, names) + "; see `posthorn types`";
    if (!problems.empty())
        sentence += "\nsome types have mistakes and are left out:\n" + problems;
    throw failure(sentence);
}

std::filesystem::path outbox_of(const settings::daemon_settings& site, std::string_view source) {
    std::vector<std::string_view> names;
    for (const auto& known : site.sources)
        names.push_back(known.name);
    if (std::ranges::find(names, source) != names.end())
        return site.outbox_dir / (std::string(source) + ".db");
    std::string list;
    for (const auto name : names)
        list += (list.empty() ? "" : ", ") + std::string(name);
    throw failure("no source is called '" + std::string(source) + "'" +
                  settings::did_you_mean(source, names) + ": `sources:` in " + site.file.string() +
                  " has " + (list.empty() ? "none" : list));
}

} // namespace posthorn::cli

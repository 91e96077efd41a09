#include "gateway/configuration.hpp"

#include "accounts/loader.hpp"
#include "templates/event_type.hpp"

#include <algorithm>

namespace posthorn::gateway {

namespace {

void append(settings::problem_list& all, const settings::problem_list& more) {
    all.insert(all.end(), more.begin(), more.end());
}

std::shared_ptr<const intake::catalogue> read_catalogue(configuration& c) {
    auto known = std::make_shared<intake::catalogue>();
    auto zone = templates::zone::named(c.settings.zone);
    if (!zone) {
        const auto near = templates::nearest_zone(c.settings.zone);
        c.problems.push_back({.file = c.settings.file.string(),
                              .path = "zone",
                              .what = "no time zone is named '" + c.settings.zone + "'" +
                                      (near.empty() ? "" : " (did you mean '" + near + "'?)")});
        zone = templates::zone::utc();
    }
    auto loaded = templates::load_types(c.settings.types_dir, *zone);
    append(c.problems, loaded.problems);
    known->types = std::move(loaded.types);
    known->sources = c.settings.sources;
    known->countries = c.settings.countries;
    known->max_parts = c.settings.max_parts;
    for (const auto& s : known->sources)
        for (const auto& t : s.types)
            if (!known->type_named(t) && loaded.problems.empty())
                c.problems.push_back(
                    {.file = c.settings.file.string(),
                     .path = "sources." + s.name + ".types",
                     .what = "no type is named '" + t + "' in " + c.settings.types_dir.string()});
    return known;
}

void read_account(configuration& c, settings::account_settings found) {
    const auto plugin = accounts::load(c.settings.plugin_dir, found.adapter);
    if (!plugin.has_value()) {
        c.problems.push_back(
            {.file = found.file.string(), .path = "adapter", .what = plugin.error().what});
        return;
    }
    auto options = accounts::read_options(*plugin.value(), found.options);
    append(c.problems, found.finish());
    if (found.enabled)
        c.accounts.push_back({std::move(found), plugin.value(), std::move(options)});
}

} // namespace

bool account::declares(std::string_view option) const {
    return std::ranges::any_of(plugin->options, [&](const auto& o) { return o.name == option; });
}

configuration read_configuration(const std::filesystem::path& file) {
    configuration c;
    auto loaded = settings::load_daemon_settings(file);
    c.settings = std::move(loaded.settings);
    c.problems = std::move(loaded.problems);
    if (c.settings.types_dir.empty())
        return c; // posthorn.yaml could not be read at all
    c.catalogue = read_catalogue(c);
    auto accounts = settings::load_accounts(c.settings.accounts_dir, c.settings.countries);
    append(c.problems, accounts.problems);
    for (auto& a : accounts.accounts)
        read_account(c, std::move(a));
    return c;
}

} // namespace posthorn::gateway

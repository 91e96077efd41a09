#include "gateway/configuration.hpp"

#include "accounts/loader.hpp"
#include "templates/event_type.hpp"

#include <algorithm>
#include <string_view>

namespace posthorn::gateway {

namespace {

void append(settings::problem_list& all, const settings::problem_list& more) {
    all.insert(all.end(), more.begin(), more.end());
}

templates::zone read_zone(const std::string& name, settings::reader root) {
    if (auto zone = templates::zone::named(name))
        return std::move(*zone);
    const auto near = templates::nearest_zone(name);
    root.fail("zone", "no time zone is named '" + name + "'" +
                          (near.empty() ? "" : " (did you mean '" + near + "'?)"));
    return templates::zone::utc();
}

void check_sources(const intake::catalogue& known, settings::reader root,
                   const std::filesystem::path& types_dir) {
    std::vector<std::string_view> names;
    for (const auto& t : known.types)
        names.push_back(t.name);
    auto sources = root.map("sources");
    for (const auto& s : known.sources)
        for (const auto& t : s.types)
            if (!known.type_named(t))
                sources.map(s.name).fail("types", "no type is named '" + t + "' in " +
                                                      types_dir.string() +
                                                      settings::did_you_mean(t, names));
}

std::shared_ptr<const intake::catalogue> read_catalogue(configuration& c,
                                                        settings::document& source) {
    auto known = std::make_shared<intake::catalogue>();
    const auto zone = read_zone(c.settings.zone, source.root());
    auto loaded = templates::load_types(c.settings.types_dir, zone);
    known->types = std::move(loaded.types);
    known->sources = c.settings.sources;
    known->countries = c.settings.countries;
    known->max_parts = c.settings.max_parts;
    if (loaded.problems.empty() && known->types.empty())
        loaded.problems.push_back({.file = c.settings.types_dir.string(),
                                   .path = {},
                                   .what = "has no event type, so nothing could be sent: one "
                                           "NAME.yaml for each (see types_dir in posthorn.yaml)"});
    else if (loaded.problems.empty()) // else a missing one may be among those with mistakes
        check_sources(*known, source.root(), c.settings.types_dir);
    append(c.problems, source.finish());
    append(c.problems, loaded.problems);
    return known;
}

void read_account(configuration& c, settings::account_settings found) {
    if (found.adapter.empty()) { // told with its line, as is a file that cannot be read
        append(c.problems, found.finish_without_options());
        return;
    }
    const auto plugin = accounts::load(c.settings.plugin_dir, found.adapter);
    if (!plugin.has_value()) {
        found.source.root().fail("adapter", plugin.error().what);
        append(c.problems, found.finish_without_options());
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
    if (loaded.source.root().is_void())
        return c; // what its defaults point to says nothing about the mistake
    c.catalogue = read_catalogue(c, loaded.source);
    auto accounts = settings::load_accounts(c.settings.accounts_dir, c.settings.countries);
    append(c.problems, accounts.problems);
    for (auto& a : accounts.accounts)
        read_account(c, std::move(a));
    return c;
}

} // namespace posthorn::gateway

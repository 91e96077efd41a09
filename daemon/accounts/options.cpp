// Reading and describing an adapter's options.
#include "accounts/loader.hpp"
#include "accounts/option_values.hpp"
#include "settings/scalars.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace posthorn::accounts {

namespace {

using kind = sdk::option::kind;

// As a person writes them: 1..100, 1s..1h.
std::string limits_of(const sdk::option& o) {
    if (o.least == 0 && o.most == 0)
        return {};
    const auto shown = [&](std::int64_t n) {
        return o.what == kind::interval ? settings::show(std::chrono::milliseconds(n))
                                        : std::to_string(n);
    };
    return " " + shown(o.least) + ".." + (o.most == 0 ? "" : shown(o.most));
}

std::string kind_of(const sdk::option& o) {
    switch (o.what) {
    case kind::text:
        return "text";
    case kind::integer:
        return "number" + limits_of(o);
    case kind::interval:
        return "duration" + limits_of(o);
    case kind::flag:
        return "on|off";
    case kind::choice:
        return std::string(o.choices);
    case kind::secret:
        return "secret: file:PATH, env:NAME or credential:NAME";
    case kind::map:
        return "map, each entry " + std::string(o.shape);
    }
    return {};
}

std::string list_of(std::span<const sdk::option> options) {
    std::string text;
    for (const auto& o : options) {
        text += "\n  " + std::string(o.name) + ": ";
        text += o.required            ? "(required)"
                : o.what == kind::map ? "{}"
                : o.fallback.empty()  ? "\"\""
                                      : std::string(o.fallback);
        text += "    [" + kind_of(o) + "]\n      " + std::string(o.help) + "\n";
    }
    return text;
}

sdk::options read_all(std::span<const sdk::option> options, settings::reader& from) {
    sdk::options values;
    for (const auto& o : options) {
        const bool read = o.required || from.has(o.name);
        values.set(std::string(o.name), read ? read_value(o, from) : fallback_value(o));
    }
    return values;
}

std::string head_of(const char* name, const char* help) {
    return std::string(name) + ": " + (help ? help : "") + "\n";
}

} // namespace

std::string describe(const sdk::adapter_plugin& plugin) {
    auto text = head_of(plugin.name, plugin.help);
    if (plugin.channel == sdk::channel::email)
        text += "It carries e-mail: types say `channels: [email]`.\n";
    if (plugin.repeat_safe)
        text += "A repeated text harms nobody: what is uncertain is sent again.\n";
    return text + "\nOptions of an account (accounts.d/ACCOUNT.yaml):\n" + list_of(plugin.options);
}

std::string describe(const sdk::handler_plugin& plugin) {
    return head_of(plugin.name, plugin.help) +
           "\nOptions of a system (`systems:` of posthorn.yaml), beside `handler: " + plugin.name +
           "`:\n" + list_of(plugin.options);
}

sdk::options read_options(const sdk::adapter_plugin& plugin, settings::reader account) {
    return read_all(plugin.options, account);
}

sdk::options read_options(const sdk::handler_plugin& plugin, settings::reader system) {
    std::vector<std::string_view> known(keys_of_systems.begin(), keys_of_systems.end());
    for (const auto& o : plugin.options)
        known.push_back(o.name);
    for (const auto& key : system.keys())
        if (std::ranges::find(known, key) == known.end())
            system.fail(key, "is no option of the handler " + std::string(plugin.name) +
                                 settings::did_you_mean(key, known));
    return read_all(plugin.options, system);
}

} // namespace posthorn::accounts

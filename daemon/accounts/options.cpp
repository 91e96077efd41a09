// Reading and describing an adapter's options.
#include "accounts/loader.hpp"
#include "accounts/option_values.hpp"
#include "settings/scalars.hpp"

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

} // namespace

std::string describe(const sdk::adapter_plugin& plugin) {
    std::string text = std::string(plugin.name) + ": " + (plugin.help ? plugin.help : "") + "\n";
    if (plugin.repeat_safe)
        text += "A repeated text harms nobody: what is uncertain is sent again.\n";
    text += "\nOptions of an account (accounts.d/ACCOUNT.yaml):\n";
    for (const auto& o : plugin.options) {
        text += "\n  " + std::string(o.name) + ": ";
        text += o.required            ? "(required)"
                : o.what == kind::map ? "{}"
                : o.fallback.empty()  ? "\"\""
                                      : std::string(o.fallback);
        text += "    [" + kind_of(o) + "]\n      " + std::string(o.help) + "\n";
    }
    return text;
}

sdk::options read_options(const sdk::adapter_plugin& plugin, settings::reader account) {
    sdk::options values;
    for (const auto& o : plugin.options) {
        const bool read = o.required || account.has(o.name);
        values.set(std::string(o.name), read ? read_value(o, account) : fallback_value(o));
    }
    return values;
}

} // namespace posthorn::accounts

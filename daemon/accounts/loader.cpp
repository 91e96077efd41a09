#include "accounts/loader.hpp"

#include "accounts/option_values.hpp"

#include <algorithm>
#include <dlfcn.h>
#include <stdexcept>

namespace posthorn::accounts {

namespace {

std::string loader_error() {
    const char* text = dlerror();
    return text ? text : "unknown error";
}

std::string names_of(const std::vector<std::string>& all) {
    std::string text;
    for (const auto& name : all)
        text += (text.empty() ? "" : ", ") + name;
    return text.empty() ? "none" : text;
}

bool usable_name(std::string_view name) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    return !name.empty() && name.find_first_not_of(letters) == name.npos;
}

// What tells one sort of plugin from another.
struct sort_of_plugin {
    const char* what;
    const char* symbol;
    const char* macro;
    std::uint32_t abi;
    std::string_view build_tag;
};

constexpr sort_of_plugin adapters{"adapter", "posthorn_adapter_plugin", "POSTHORN_ADAPTER",
                                  sdk::abi_version, sdk::build_tag};
constexpr sort_of_plugin handlers{"handler", "posthorn_handler_plugin", "POSTHORN_HANDLER",
                                  sdk::handler_abi, sdk::handler_build_tag};

template <class Plugin>
std::string objection_to(const Plugin& plugin, const sort_of_plugin& sort, std::string_view name,
                         const std::filesystem::path& file) {
    // Nothing behind `abi` may be looked at before it is known to fit.
    if (plugin.abi != sort.abi)
        return file.string() + " has plugin interface " + std::to_string(plugin.abi) +
               ", this posthornd has " + std::to_string(sort.abi) +
               ": install plugins and posthornd of one release";
    const std::string_view built = plugin.build_tag ? plugin.build_tag : "nothing we know";
    if (built != sort.build_tag)
        return file.string() + " was built with " + std::string(built) + ", this posthornd with " +
               std::string(sort.build_tag) + ": build them together";
    if (!plugin.name || plugin.name != name)
        return file.string() + " calls itself '" + (plugin.name ? plugin.name : "") +
               "': name the file as the plugin, or write that name in the configuration";
    if (!plugin.create)
        return file.string() + " has no create function: rebuild it with " + sort.macro;
    if (const auto wrong = wrong_option(plugin.options); !wrong.empty())
        return file.string() + " declares a bad option, " + wrong + ": correct the plugin's table";
    return {};
}

template <class Plugin>
boost::system::result<const Plugin*, refused>
load_as(const sort_of_plugin& sort, const std::filesystem::path& folder, std::string_view name) {
    if (!usable_name(name))
        return refused{"'" + std::string(name) +
                       "' is no plugin name: lower case letters, digits, "
                       "- and _ only; there are: " +
                       names_of(available(folder))};
    const auto file = folder / (std::string(name) + ".so");
    if (std::error_code error; !std::filesystem::exists(file, error))
        return refused{
            "no plugin '" + std::string(name) + "' in " + folder.string() +
            ": install it or correct the configuration; there are: " + names_of(available(folder))};
    void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!handle)
        return refused{"cannot load " + file.string() + ": " + loader_error() +
                       ": rebuild it for this machine, and see that its libraries are installed"};
    const auto* plugin = static_cast<const Plugin*>(dlsym(handle, sort.symbol));
    if (!plugin)
        return refused{file.string() + " is no posthorn " + sort.what + " (it has no symbol " +
                       sort.symbol + "): build it with " + sort.macro +
                       ", or take it out of the folder"};
    if (auto wrong = objection(*plugin, name, file); !wrong.empty())
        return refused{std::move(wrong)};
    return plugin;
}

} // namespace

void throw_exception_from_error(const refused& why, const boost::source_location&) {
    throw std::runtime_error(why.what);
}

std::vector<std::string> available(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code error; // an unreadable folder has no plugins; load() says which folder
    for (const auto& entry : std::filesystem::directory_iterator(folder, error))
        if (entry.path().extension() == ".so")
            names.push_back(entry.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

std::string objection(const sdk::adapter_plugin& plugin, std::string_view name,
                      const std::filesystem::path& file) {
    return objection_to(plugin, adapters, name, file);
}

std::string objection(const sdk::handler_plugin& plugin, std::string_view name,
                      const std::filesystem::path& file) {
    if (auto wrong = objection_to(plugin, handlers, name, file); !wrong.empty())
        return wrong;
    for (const auto& o : plugin.options)
        for (const auto key : keys_of_systems)
            if (o.name == key)
                return file.string() + " declares an option '" + std::string(key) +
                       "', which means something else under `systems:`: rename it";
    return {};
}

boost::system::result<const sdk::adapter_plugin*, refused> load(const std::filesystem::path& folder,
                                                                std::string_view name) {
    return load_as<sdk::adapter_plugin>(adapters, folder, name);
}

boost::system::result<const sdk::handler_plugin*, refused>
load_handler(const std::filesystem::path& folder, std::string_view name) {
    return load_as<sdk::handler_plugin>(handlers, folder, name);
}

} // namespace posthorn::accounts

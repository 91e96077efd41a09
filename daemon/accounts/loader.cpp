#include "accounts/loader.hpp"

#include "accounts/option_values.hpp"

#include <algorithm>
#include <dlfcn.h>
#include <stdexcept>

namespace posthorn::accounts {

namespace {

constexpr const char* symbol = "posthorn_adapter_plugin";

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
    // Nothing behind `abi` may be looked at before it is known to fit.
    if (plugin.abi != sdk::abi_version)
        return file.string() + " has plugin interface " + std::to_string(plugin.abi) +
               ", this posthornd has " + std::to_string(sdk::abi_version) +
               ": install plugins and posthornd of one release";
    const std::string_view built = plugin.build_tag ? plugin.build_tag : "nothing we know";
    if (built != sdk::build_tag)
        return file.string() + " was built with " + std::string(built) + ", this posthornd with " +
               sdk::build_tag + ": build them together";
    if (!plugin.name || plugin.name != name)
        return file.string() + " calls itself '" + (plugin.name ? plugin.name : "") +
               "': name the file as the plugin, or write that name in the account";
    if (!plugin.create)
        return file.string() + " has no create function: rebuild it with POSTHORN_ADAPTER";
    if (const auto wrong = wrong_option(plugin.options); !wrong.empty())
        return file.string() + " declares a bad option, " + wrong + ": correct the plugin's table";
    return {};
}

boost::system::result<const sdk::adapter_plugin*, refused> load(const std::filesystem::path& folder,
                                                                std::string_view name) {
    if (!usable_name(name))
        return refused{"'" + std::string(name) +
                       "' is no plugin name: lower case letters, digits, "
                       "- and _ only; there are: " +
                       names_of(available(folder))};
    const auto file = folder / (std::string(name) + ".so");
    if (std::error_code error; !std::filesystem::exists(file, error))
        return refused{
            "no plugin '" + std::string(name) + "' in " + folder.string() +
            ": install it or correct the account; there are: " + names_of(available(folder))};
    void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!handle)
        return refused{"cannot load " + file.string() + ": " + loader_error() +
                       ": rebuild it for this machine, and see that its libraries are installed"};
    const auto* plugin = static_cast<const sdk::adapter_plugin*>(dlsym(handle, symbol));
    if (!plugin)
        return refused{file.string() + " is no posthorn plugin (it has no symbol " + symbol +
                       "): build it with POSTHORN_ADAPTER, or take it out of the folder"};
    if (auto wrong = objection(*plugin, name, file); !wrong.empty())
        return refused{std::move(wrong)};
    return plugin;
}

} // namespace posthorn::accounts

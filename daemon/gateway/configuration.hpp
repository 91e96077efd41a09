// Everything that is configured, read and checked at once: posthorn.yaml, types, accounts, plugins.
#pragma once

#include "intake/catalogue.hpp"
#include "sdk/adapter.hpp"
#include "settings/daemon_settings.hpp"

#include <filesystem>
#include <memory>
#include <vector>

namespace posthorn::gateway {

struct account {
    settings::account_settings settings;
    const sdk::adapter_plugin* plugin = nullptr;
    sdk::options options;

    bool declares(std::string_view option) const;
};

struct configuration {
    settings::daemon_settings settings;
    std::shared_ptr<const intake::catalogue> catalogue; // null: posthorn.yaml is unreadable
    std::vector<account> accounts;                      // enabled ones
    settings::problem_list problems; // of all files; usable only when there is none
};

// Loads plugins (they stay loaded), touches nothing else.
configuration read_configuration(const std::filesystem::path& file);

} // namespace posthorn::gateway

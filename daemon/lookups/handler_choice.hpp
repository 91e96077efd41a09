// The plugin that answers for a system of kind `handler`, with the options it was given.
#pragma once

#include "sdk/handler.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace posthorn::lookups {

struct handler_choice {
    const sdk::handler_plugin* plugin = nullptr; // lives as long as the process
    sdk::options options;
    std::filesystem::path folder; // where relative paths begin

    bool operator==(const handler_choice&) const = default;
};

using handler_choices = std::map<std::string, handler_choice, std::less<>>; // by system

} // namespace posthorn::lookups

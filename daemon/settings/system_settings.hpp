// `systems:` of posthorn.yaml: what lookups ask: the utility's own databases and HTTP interfaces, and
// handlers.
#pragma once

#include "model/time.hpp"
#include "settings/reader.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::settings {

enum class system_kind : std::uint8_t { sqlite, postgresql, http, handler };

inline constexpr std::array<std::string_view, 4> system_kind_names{"sqlite", "postgresql", "http",
                                                                   "handler"};

constexpr std::string_view name_of(system_kind k) {
    return system_kind_names[static_cast<std::size_t>(k)];
}

// After so many failures in a row nothing is asked for so long; then one question tries.
struct breaker_settings {
    unsigned failures = 5;
    duration pause = std::chrono::seconds(10);

    bool operator==(const breaker_settings&) const = default;
};

struct system_settings {
    std::string name;
    system_kind kind = system_kind::sqlite;
    // An absolute path, a libpq connection string, a URL without '/' at its end, a plugin's name.
    std::string where;
    std::string secret;       // postgresql: the password; http: the bearer token; empty: none
    unsigned connections = 4; // how many questions are under way at once
    breaker_settings breaker;

    bool operator==(const system_settings&) const = default;
};

// By name; `folder`: where relative paths begin. A file that is not there yet is no mistake. The
// options of a handler are not looked at here: see accounts::read_handler_options().
std::vector<system_settings> read_systems(reader map, const std::filesystem::path& folder);

} // namespace posthorn::settings

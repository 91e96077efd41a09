// Everything intake knows about what may be sent: loaded once, immutable, shared by threads.
#pragma once

#include "model/number.hpp"
#include "settings/daemon_settings.hpp"
#include "templates/event_type.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::intake {

struct catalogue {
    std::vector<templates::event_type> types;       // sorted by name
    std::vector<settings::source_settings> sources; // sorted by name
    std::vector<country> countries;
    unsigned max_parts = 10;           // a text that needs more is refused
    std::filesystem::path people = {}; // live.db, which knows them; empty: nobody is known
    bool letters = false;              // an account carries them, so some may rather have one

    const templates::event_type* type_named(std::string_view name) const;
    // Also the daemon's own, which is not among `sources`.
    const settings::source_settings* source_named(std::string_view name) const;
};

} // namespace posthorn::intake

// Topic files: read and checked once, every mistake with its place.
#pragma once

#include "commands/command.hpp"
#include "settings/consent_settings.hpp"
#include "settings/problem.hpp"
#include "templates/event_type.hpp"
#include "topics/topic.hpp"

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace posthorn::topics {

// What topics speak of.
struct known_things {
    std::span<const templates::event_type> types;
    std::span<const commands::lookup_shape> lookups;
    const settings::consent_settings& consent; // its categories are no words of topics
    // Why a schedule can never be met; empty: it can. May be left out.
    std::function<std::string(const schedule_text&)> schedule_mistake{};
};

struct loaded_topics {
    std::vector<topic> topics;       // by name; only those without a problem
    settings::problem_list problems; // of every file
};

// Reads every *.yaml of the directory; one that does not exist has none. Finds words that mean two
// topics.
loaded_topics load_topics(const std::filesystem::path& directory, const known_things& known);

} // namespace posthorn::topics

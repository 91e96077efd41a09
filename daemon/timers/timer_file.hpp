// Timer files: read and checked once, every mistake with its place.
#pragma once

#include "settings/problem.hpp"
#include "templates/event_type.hpp"
#include "timers/timer.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace posthorn::timers {

struct loaded_timers {
    std::vector<timer> timers;       // by name; only those without a problem
    settings::problem_list problems; // of every file
};

// Reads every *.yaml of the directory; one that does not exist has none. What a timer makes may begin
// another; that they begin each other in a circle is a problem.
loaded_timers load_timers(const std::filesystem::path& directory,
                          std::span<const templates::event_type> types);

// One timer from the text of its file; nothing if there are problems, which are appended.
std::optional<timer> read_timer(std::string text, const std::filesystem::path& file,
                                std::span<const templates::event_type> types,
                                settings::problem_list& problems);

} // namespace posthorn::timers

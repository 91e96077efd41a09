// Reads one timer from its file; private to this room.
#pragma once

#include "settings/reader.hpp"
#include "templates/event_type.hpp"
#include "timers/timer.hpp"

#include <span>
#include <string>

namespace posthorn::timers {

// What is wrong is recorded in the document of `root`.
timer read_timer_of(settings::reader root, const std::string& file_name,
                    std::span<const templates::event_type> types);

// That its steps make good events, as far as the samples of the types that begin it tell. Only for a
// timer that was read without a problem.
void try_samples(const timer& t, settings::reader root,
                 std::span<const templates::event_type> types);

} // namespace posthorn::timers

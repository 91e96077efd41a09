#include "timers/timer.hpp"

#include <algorithm>

namespace posthorn::timers {

const beginning* timer::begun_by(std::string_view type) const {
    const auto found = std::ranges::find(starts_with, type, &beginning::type);
    return found == starts_with.end() ? nullptr : &*found;
}

const step* timer::step_of(std::string_view type) const {
    const auto found = std::ranges::find(steps, type, &step::type);
    return found == steps.end() ? nullptr : &*found;
}

} // namespace posthorn::timers

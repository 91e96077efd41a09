// How a step of a timer that an event begins stands to the one of an earlier event.
#pragma once

#include <cstdint>

namespace posthorn {

enum class step_rule : std::uint8_t {
    at,   // at a time: made again when its time is another
    once, // made once, until `again`
    again // what was made may be made again, and what waits is not made
};

} // namespace posthorn

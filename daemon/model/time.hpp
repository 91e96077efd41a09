// Instants and durations: UTC microseconds. `now` is always a parameter; nothing in model/ reads a
// clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace posthorn {

using duration = std::chrono::microseconds;
using instant = std::chrono::sys_time<duration>;

// How the store and the wire of our own API write an instant. 0 means "none".
constexpr std::int64_t to_micros(instant t) { return t.time_since_epoch().count(); }
constexpr instant from_micros(std::int64_t us) { return instant{duration{us}}; }

} // namespace posthorn

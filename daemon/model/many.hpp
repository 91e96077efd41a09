// What becomes of an event for many: one state of its own, made of those of its messages. The one
// place that says so.
//
//   expanding ─ no more will be made ─► sending ─ all are final ─► as they ended
#pragma once

#include "model/state.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn {

struct many_messages {
    std::int64_t made = 0;
    bool done = false; // no more will be made
    std::int64_t ended = 0, delivered = 0;

    bool is_final() const { return done && ended >= made; }
};

inline constexpr std::string_view expanding = "expanding";
inline constexpr std::string_view nobody_to_tell = "nobody to tell"; // why none was made

// Behind how many were made: why the others were not; nothing where all were.
inline std::string no_more(std::string_view why) {
    return why.empty() ? std::string() : ", and no more: " + std::string(why);
}

// `alike`: the state that all of them have, if there is one; asked for only when none was delivered.
template <class Alike>
std::string_view state_of(const many_messages& m, Alike alike) {
    if (!m.is_final())
        return m.done ? name_of(message_state::sending) : expanding;
    if (m.made == 0)
        return name_of(message_state::suppressed);
    if (m.delivered > 0)
        return name_of(m.delivered == m.made ? message_state::delivered : message_state::partial);
    const std::optional<message_state> one = alike();
    return name_of(one.value_or(message_state::undelivered));
}

} // namespace posthorn

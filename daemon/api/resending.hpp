// Whether a message may be sent again without counting it as a repeat.
#pragma once

#include "model/state.hpp"

namespace posthorn::api {

// It surely did not reach the phone.
constexpr bool has_failed(message_state s) {
    return s == message_state::undelivered || s == message_state::rejected ||
           s == message_state::expired || s == message_state::cancelled ||
           s == message_state::suppressed;
}

} // namespace posthorn::api

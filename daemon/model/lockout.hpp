// How guessing a PIN or a code is made hopeless: so many tries, then a pause that doubles.
#pragma once

#include "model/time.hpp"

namespace posthorn {

struct lockout {
    unsigned tries = 5; // before the first pause; then one after each
    duration locked_for = std::chrono::minutes(15);
    duration longest = std::chrono::hours(24);

    bool operator==(const lockout&) const = default;
};

// When the next try may be made, after `tries` (with this one, at `at`) of which none was right.
// Zero: at once.
instant locked_until(const lockout& rule, unsigned tries, instant at);

} // namespace posthorn

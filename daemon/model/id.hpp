// Ids of events and messages: 63 bits, time-ordered, never going back.
//
//   | 51 bits: microseconds since 2020-01-01 | 12 bits: counter |
#pragma once

#include "model/time.hpp"

#include <cstdint>

namespace posthorn {

using id = std::int64_t;

constexpr std::int64_t id_epoch_micros = 1'577'836'800'000'000; // 2020-01-01T00:00:00Z

// The instant an id was made, to the microsecond (a little ahead when many were made at once).
constexpr instant made_at(id i) { return from_micros((i >> 12) + id_epoch_micros); }

// The smallest id that could be made at `t`.
constexpr id first_id_at(instant t) { return (to_micros(t) - id_epoch_micros) << 12; }

// Gives ids in rising order even when the clock stands still or jumps back. One thread.
class id_source {
public:
    // `last`: the highest id already used (0 when none).
    explicit id_source(id last = 0) : last_(last) {}

    id next(instant now) {
        const id fresh = first_id_at(now);
        last_ = fresh > last_ ? fresh : last_ + 1;
        return last_;
    }

private:
    id last_;
};

} // namespace posthorn

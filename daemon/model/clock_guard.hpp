// Whether the wall clock can be believed: in step with the time since boot, and not behind what was
// noted before the last stop, each by an hour at most. While it cannot, time goes on from where it
// was last right. Pure: told both clocks. Any thread.
#pragma once

#include "model/time.hpp"

#include <algorithm>
#include <atomic>

namespace posthorn {

class clock_guard {
public:
    struct reading {
        instant wall{};
        duration since_boot{}; // goes on while the machine sleeps, and never jumps
    };
    static constexpr duration tolerance = std::chrono::hours(1);

    explicit clock_guard(reading r) : boot_(to_micros(r.wall - r.since_boot)) {}

    // What an earlier process believed last.
    void not_before(instant noted, reading r) {
        boot_ = std::max(boot_.load(), to_micros(noted - r.since_boot));
    }
    bool believes(reading r) const {
        const auto off = r.wall - by_boot(r);
        return off <= tolerance && off >= -tolerance;
    }
    instant now(reading r) const { return believes(r) ? r.wall : by_boot(r); }
    // Now and then: small corrections add up over months.
    void follow(reading r) {
        if (believes(r))
            accept(r);
    }
    // A person says the wall clock is right.
    void accept(reading r) { boot_ = to_micros(r.wall - r.since_boot); }

private:
    instant by_boot(reading r) const { return from_micros(boot_.load()) + r.since_boot; }

    std::atomic<std::int64_t> boot_; // when the machine was started, as far as we believe
};

} // namespace posthorn

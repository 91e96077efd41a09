// The machine's clocks.
#pragma once

#include "model/clock_guard.hpp"

#include <ctime>

namespace posthorn::runtime {

inline clock_guard::reading read_clocks() {
    timespec boot{};
    ::clock_gettime(CLOCK_BOOTTIME, &boot);
    return {std::chrono::time_point_cast<duration>(std::chrono::system_clock::now()),
            std::chrono::duration_cast<duration>(std::chrono::seconds(boot.tv_sec) +
                                                 std::chrono::nanoseconds(boot.tv_nsec))};
}

} // namespace posthorn::runtime

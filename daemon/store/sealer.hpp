// Months that are over are sealed: what finds their messages is written beside them, once.
//
//   2026-10.db ─read─► 2026-10.index.unfinished ─► 2026-10.index
//
// The month itself is not touched and not locked but for the moment of the last step, so late
// receipts are taken into it all the while. An index names messages by what never changes; states
// that a receipt changed later stand in the month's own `corrected`. When something is copied to a
// sealed month after all, its index goes, and it is sealed again.
#pragma once

#include "model/time.hpp"

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>

namespace posthorn::store {

inline constexpr auto sealed_after = std::chrono::days(8); // the end of the month
inline constexpr std::int64_t index_format = 1;

struct seal_sizes {
    std::size_t block = 16'384;     // messages
    std::size_t slice = 500'000;    // messages; 16 MiB of memory
    std::int64_t spare = 256 << 20; // octets that are left free on the disk, whatever happens
};

struct sealed_month {
    std::string month; // "2026-10"; empty: none is due
    std::int64_t messages = 0;
    std::int64_t octets = 0; // of the index
    std::string wrong;       // why it could not be sealed now, and what to do; empty when it was
};

// Seals the oldest month after `after` that is due and not sealed. Takes its time, minutes for
// millions of messages: works half of it, and writes little at once. Ends early when it is told to
// stop; begins again then, as after a crash. One thread.
sealed_month seal_next(const std::filesystem::path& history, std::string_view after, instant now,
                       const std::stop_token& stop, const seal_sizes& sizes = {});

} // namespace posthorn::store

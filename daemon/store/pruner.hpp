// Takes out of months that are over what is kept no longer, before the month itself may go: messages
// of types with a shorter retention, and texts from phones. A step at a time, each a commit of its
// own, at leisure; killed in the middle, it is done again. What a month is without is written in it
// (`ended`). Then its index goes, and it is sealed anew.
#pragma once

#include "model/id.hpp"
#include "model/time.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>

namespace posthorn::store {

struct keeping {
    std::map<std::string, duration, std::less<>> types; // others: as long as their month
    duration texts{};                                   // from phones
};

struct pruned_month {
    std::string month; // "2026-03"; empty: in none is anything to do
    std::int64_t messages = 0;
    std::int64_t texts = 0;
    std::string wrong; // why it is not done, and goes on another time; empty when it is
};

// Of sealed months the oldest after `after` with something in it that is kept no longer. The events
// above `keys_sealed_through` stay, without whom and what they told: their keys stand nowhere else.
// One thread.
pruned_month prune_next(const std::filesystem::path& history, std::string_view after, instant now,
                        const keeping& keep, posthorn::id keys_sealed_through,
                        const std::stop_token& stop, int rows_at_once = 2'000);

} // namespace posthorn::store

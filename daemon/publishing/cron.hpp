// The five fields of a cron expression, each as the numbers it stands for.
#pragma once

#include "model/refusal.hpp"

#include <array>
#include <string_view>
#include <vector>

namespace posthorn::publishing {

struct cron_field {
    bool star = false; // begins with *: it restricts no day
    std::vector<unsigned> values;
};

enum class cron_part : std::uint8_t { minute, hour, day, month, weekday };

struct cron_fields {
    std::array<cron_field, 5> parts; // by cron_part; Sunday is 0
    const cron_field& of(cron_part p) const { return parts[static_cast<std::size_t>(p)]; }
};

// Lists, ranges, steps, names of months and weekdays: "*/15 8-18 1,15 jan-jun mon-fri". Refused with
// the field that is wrong, and where it names only days that no month has.
result<cron_fields> parse_cron(std::string_view text);

} // namespace posthorn::publishing

// What accepted parts cost.
#pragma once

#include "model/message.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace posthorn::store {

// 2026-11-27 as 20261127.
constexpr std::int32_t day_number(std::chrono::year_month_day day) {
    const auto month = static_cast<unsigned>(day.month()) * 100 + static_cast<unsigned>(day.day());
    return static_cast<int>(day.year()) * 10'000 + static_cast<std::int32_t>(month);
}

struct cost_line {
    std::int32_t day = 0; // 20261127, in the site's zone
    name_id account = 0, source = 0, type = 0;
    std::string currency;
    auto operator<=>(const cost_line&) const = default;
};

// With the verdicts that it is for, in their commit.
struct add_cost {
    cost_line of;
    std::int64_t parts = 0;
    std::int64_t price = 0; // of all of them, in millionths of the currency
};

} // namespace posthorn::store

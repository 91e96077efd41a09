// A day as it is asked for: "2026-11-27".
#pragma once

#include "model/time_text.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace posthorn::api {

inline std::optional<std::chrono::year_month_day> day_in(const std::string& text) {
    using namespace std::chrono;
    const auto midnight = time_from(text + "T00:00:00Z");
    return midnight ? std::optional(year_month_day(floor<days>(*midnight))) : std::nullopt;
}

} // namespace posthorn::api

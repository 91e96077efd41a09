// Holidays by year:
//
//     2026:
//       holidays: {国庆节: [2026-10-01..2026-10-07]}
//       workdays: [2026-10-10]          # weekends that are worked
#pragma once

#include "policy/holidays.hpp"
#include "settings/problem.hpp"

#include <filesystem>

namespace posthorn::policy {

holidays load_holidays(const std::filesystem::path& file, settings::problem_list& problems);

} // namespace posthorn::policy

// Which days are holidays, and which weekends are worked instead (调休).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace posthorn::policy {

enum class day_kind : std::uint8_t { workday, weekend, holiday };

class holidays {
public:
    // False when the day was named before.
    bool add(std::chrono::sys_days day, std::string name) {
        return days_.emplace(day, std::move(name)).second;
    }
    bool add_workday(std::chrono::sys_days day) { return add(day, {}); }

    day_kind kind_of(std::chrono::sys_days day) const {
        if (const auto found = days_.find(day); found != days_.end())
            return found->second.empty() ? day_kind::workday : day_kind::holiday;
        return std::chrono::weekday(day).iso_encoding() > 5 ? day_kind::weekend : day_kind::workday;
    }
    // Of a holiday; else empty.
    std::string_view name_of(std::chrono::sys_days day) const {
        const auto found = days_.find(day);
        return found == days_.end() ? std::string_view() : found->second;
    }

private:
    std::map<std::chrono::sys_days, std::string> days_; // no name: worked
};

} // namespace posthorn::policy

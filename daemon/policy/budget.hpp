// How much may be spent in a day or a month on the messages of some sources, of some categories, or of
// both. When it is used up, what `stops` names waits; all else is sent on and people are told.
#pragma once

#include "model/price.hpp"
#include "model/words.hpp"
#include "templates/zone.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::policy {

enum class budget_period : std::uint8_t { day, month };

inline constexpr std::array<std::string_view, 2> budget_period_names{"day", "month"};

constexpr std::string_view name_of(budget_period p) {
    return budget_period_names[static_cast<std::size_t>(p)];
}

// The beginning of the next one.
instant end_of(budget_period p, instant now, const templates::zone& zone);

struct budget {
    std::string name;
    std::vector<std::string> sources; // empty: of all
    std::vector<category> categories; // empty: of all
    budget_period per = budget_period::month;
    millionths amount = 0;
    std::string currency;
    unsigned warn_at = 80;       // percent
    std::vector<category> stops; // what waits when it is used up
};

enum class budget_step : std::uint8_t { fine, nearly, used_up };

inline constexpr std::array<std::string_view, 3> budget_step_names{"fine", "nearly", "used_up"};

constexpr std::string_view name_of(budget_step s) {
    return budget_step_names[static_cast<std::size_t>(s)];
}

struct budget_use {
    budget of;
    millionths used = 0;       // for parts that were accepted in this period
    millionths on_its_way = 0; // for those that have no answer yet
    std::string until; // the period lasts, in the site's zone: "2026-12-01 00:00 Asia/Shanghai"

    bool is_used_up() const { return used >= of.amount; }
    bool is_full() const { return used + on_its_way >= of.amount; } // or will be, in a moment
    std::int64_t percent() const { return used / (of.amount / 100); }
    budget_step step() const {
        return is_used_up()              ? budget_step::used_up
               : percent() >= of.warn_at ? budget_step::nearly
                                         : budget_step::fine;
    }
};

// "budget marketing (500.00 CNY a month)"
std::string shown(const budget& b);
// "2026-11-27 08:00 Asia/Shanghai"
std::string shown_with_zone(instant t, const templates::zone& zone);

} // namespace posthorn::policy

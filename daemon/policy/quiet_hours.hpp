// When a category is quiet: hours of the day by the wall clock of a zone, other ones at weekends and on
// holidays.
//
//     workday 21:00-08:00, holiday all day:   eve 21:00 ├──── quiet ────┤ 08:00 of the next workday
//
// Each date has the hours of its kind, from midnight to midnight; what touches is one quiet time.
#pragma once

#include "model/subscription.hpp"
#include "policy/holidays.hpp"
#include "templates/zone.hpp"

#include <array>
#include <memory>
#include <optional>

namespace posthorn::policy {

// By day_kind; nothing: such a day is not quiet.
using hours_by_day = std::array<std::optional<day_hours>, 3>;

class quiet_hours {
public:
    struct period {
        bool quiet = false;
        instant ends{}; // the other begins; of a very long one: it is to be asked for again
    };

    // `hours` and `known` may leave no time that is not quiet: then periods follow one another.
    quiet_hours(hours_by_day hours, std::shared_ptr<const holidays> known, templates::zone zone)
        : hours_(hours), known_(std::move(known)), zone_(std::move(zone)) {}

    // That which `t` lies in, from then on.
    period at(instant t) const;
    // As people read the hours of that day: "21:00-08:00", "all day (国庆节)".
    std::string shown_at(instant t) const;
    const templates::zone& zone() const { return zone_; }
    // The same by the clock of another.
    quiet_hours in(const templates::zone& other) const { return {hours_, known_, other}; }

private:
    std::optional<day_hours> hours_on(std::chrono::sys_days date) const {
        return hours_[static_cast<std::size_t>(known_->kind_of(date))];
    }

    hours_by_day hours_;
    std::shared_ptr<const holidays> known_;
    templates::zone zone_;
};

} // namespace posthorn::policy

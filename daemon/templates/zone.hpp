// A time zone by its IANA name, for times that sources write without one.
#pragma once

#include "model/time.hpp"

#include <unicode/uversion.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

U_NAMESPACE_BEGIN
class TimeZone;
U_NAMESPACE_END

namespace posthorn::templates {

struct local_day {
    instant begins, ends;
};

// Immutable; copies share the rules; safe to use from several threads.
class zone {
public:
    // Nothing if ICU knows no zone of that name.
    static std::optional<zone> named(std::string_view name);
    static zone utc();

    const std::string& name() const { return name_; }
    // Microseconds of local wall clock since 1970 to UTC. A time that the clock skips or has twice
    // is taken by the rules in force before the change.
    std::int64_t to_utc(std::int64_t local_micros) const;
    // The calendar day that holds `t`: 24 hours, 23 or 25 where the clock changes.
    local_day day_of(instant t) const;
    // The date there at `t`.
    std::chrono::year_month_day date_at(instant t) const;
    // Since the clock on the wall showed midnight.
    duration time_of_day(instant t) const;
    // What it shows then: "16:05".
    std::string wall_clock(instant t) const;

    const icu::TimeZone& rules() const { return *rules_; }

private:
    enum class doubled : std::uint8_t { first, second };
    std::int64_t to_utc(std::int64_t local_micros, doubled which) const;
    duration offset_at(instant t) const;
    zone(std::string name, std::shared_ptr<const icu::TimeZone> rules);

    std::string name_;
    std::shared_ptr<const icu::TimeZone> rules_;
};

// Whether it is in the IANA database; offsets such as GMT+8 are not.
bool is_zone_name(std::string_view name);

// The known zone a person most likely meant; empty when none is near.
std::string nearest_zone(std::string_view name);

} // namespace posthorn::templates

// A timer: events that are made later because of an event, or because another did not come: ladders,
// reminders, follow-ups, deadlines. One YAML file each (config/timers/NAME.yaml); immutable once
// loaded, and safe to share between threads.
#pragma once

#include "model/time.hpp"
#include "model/words.hpp"
#include "templates/event_type.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace posthorn::timers {

// A time that hangs on the event that begins the timer.
struct moment {
    std::string field;            // a date or a time of its data; empty: when it occurred
    std::chrono::months months{}; // by the calendar of the zone, as all days; first
    std::chrono::days days{};
    duration more{};                           // exactly
    std::optional<std::chrono::minutes> clock; // the time of that day, by the clock on the wall
};

struct taken_over { // as it stands there
    std::string field;
};
struct days_since { // that date: whole days of the calendar
    std::string field;
};
struct phrase { // in the language of texts
    std::string written;
};

// Where a field of the event that is made comes from.
struct mapping {
    std::string field;
    std::variant<taken_over, moment, days_since, phrase> from;
};

struct below { // `field` is less than so many percent of `of`
    std::string field, of;
    int percent = 100;
};

struct recipient {
    to_kind kind = to_kind::number;
    phrase ref;
};

struct step {
    std::string type;                // of the event that is made
    std::variant<moment, below> due; // at a time, or at once
    std::vector<mapping> data;       // beside the fields of the same name
    std::optional<recipient> to;     // none: whom the event was for that began it
    // of the type
    std::vector<templates::field> fields;
    duration validity{};
};

// A type whose events begin the timer.
struct beginning {
    std::string type;
    templates::wording_set shape;                                       // its fields and its zone
    std::map<std::string, templates::wording_set, std::less<>> phrases; // as they are written
};

struct timer {
    std::string name;    // "arrears"; also the name of its file
    bool enabled = true; // off: nothing begins; what has begun goes on
    std::vector<beginning> starts_with;
    std::optional<phrase> when; // says `yes` where the event begins it
    std::vector<step> steps;

    const beginning* begun_by(std::string_view type) const; // null: it is not
    const step* step_of(std::string_view type) const;       // null: it makes no such event
};

} // namespace posthorn::timers

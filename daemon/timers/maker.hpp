// From an event to the steps it begins, and from a step whose time has come to the event it makes.
#pragma once

#include "model/event.hpp"
#include "model/refusal.hpp"
#include "model/step_rule.hpp"
#include "templates/renderer.hpp"
#include "templates/value.hpp"
#include "timers/timer.hpp"

#include <boost/json/object.hpp>

#include <vector>

namespace posthorn::timers {

struct begun {
    const step* of = nullptr; // of the timer
    instant due_at{};
    step_rule rule = step_rule::at;
};

// One thread; timers may come and go while it lives.
class maker {
public:
    // What an event of a type that begins the timer begins; nothing where `when` does not hold. Steps
    // whose time is over by `now`, and those without their dates, are passed over. Refused: why that
    // cannot be told.
    result<std::vector<begun>> steps_of(const timer& t, const event& e, instant now);

    // The event that a step makes of the one that began it (its source, key, type, subject, to_*, data and
    // occurred_at are looked at) at `now`. Refused: why there can be none of it.
    result<event> event_of(const timer& t, const step& s, const event& of, instant due_at,
                           instant now);

private:
    result<std::string> said(const beginning& b, const phrase& p, const boost::json::object& data);

    templates::renderer renderer_;
};

// The time that a moment names; nothing when its field is not there. `data`: values of its fields.
std::optional<instant> time_of(const moment& m, const beginning& b,
                               const std::vector<templates::value>& values, instant occurred);

// The key of what a step makes: "K-2026-11/arrears.first".
std::string key_of(const std::string& began_key, const std::string& type);

} // namespace posthorn::timers

// Operations on what timers make later.
#pragma once

#include "model/message.hpp"
#include "model/step_rule.hpp"

#include <string>
#include <vector>

namespace posthorn::store {

struct begun_step {
    std::string type;
    instant due_at{};
    step_rule rule = step_rule::at;
};

// An event begins a timer for its source and subject: these steps wait in the place of those of the
// event before it. Stale when that one occurred later. Steps that were made stay made (step_rule).
struct begin_timer {
    std::string timer;
    name_id source = 0;
    std::string subject;
    std::string type, key, run; // of the event
    std::string to_kind, to_ref, data;
    instant occurred_at{};
    std::vector<begun_step> steps;
    instant at{};
};

// A person says that a step is not made, or none of a timer: some hundred at once, stale when there is
// none left. An event with the same dates does not bring them back.
struct cancel_steps {
    posthorn::id step = 0; // or
    std::string timer;
    instant at{};
};

// Steps made before then are forgotten: at most a thousand at once. Stale when there was none.
struct forget_steps {
    instant before{};
};

} // namespace posthorn::store

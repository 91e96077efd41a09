// What becomes of a wish to subscribe, or about what is subscribed; the same for a phone and for an
// agent. Pure.
#pragma once

#include "store/people.hpp"
#include "topics/directory.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::subscriptions {

struct wish {
    const topics::topic& topic;
    std::string parameter; // as parameter_key(); empty: none is named
    std::string language;
};

struct decision {
    enum class kind : std::uint8_t {
        subscribe,       // `made`; it may be as it was already
        which_parameter, // of these, or of any when there is none
        refuse           // `why`
    };
    kind what = kind::refuse;
    subscription made;
    std::vector<std::string> parameters;
    std::string why;
};

// `known`: what the number has subscribed to. What it had chosen stays, but it is not paused any
// more, and its time begins anew.
decision subscribe(const wish& w, const store::person& who, const std::vector<subscription>& known,
                   instant now);

// Those of `known` that are of the topic (and, where one is named, the parameter) that a text names;
// a topic that is not configured any more by its name.
std::vector<subscription> named_in(std::string_view text, const std::vector<subscription>& known,
                                   const topics::directory& topics);

// Without those whose time is over.
std::vector<subscription> in_force(std::vector<subscription> known, instant now);

// What names this one for named_in().
std::string naming(const subscription& s);

// "8-20", "8点到20点 停电信息", "全天", "all day OUTAGES": the hours, and what follows them. Nothing
// when the text does not begin so.
struct hours_wish {
    day_hours hours;
    std::string rest;
};
std::optional<hours_wish> hours_in(std::string_view text);

} // namespace posthorn::subscriptions

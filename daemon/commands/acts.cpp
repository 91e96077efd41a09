#include "commands/acts.hpp"

#include <array>

namespace posthorn::commands {

namespace {

// Rows are subscriptions, or what was one; `hours` are there unless it is all day.
lookup_shape of_subscriptions(std::string name, std::vector<std::string> takes) {
    using templates::kind;
    return {std::move(name),
            std::move(takes),
            {{.name = "n", .kind = kind::integer},
             {.name = "name"},
             {.name = "parameter", .required = false},
             {.name = "paused", .kind = kind::boolean},
             {.name = "hours", .required = false},
             {.name = "until", .kind = kind::date, .required = false}},
            {{"n", 1},
             {"name", "outages"},
             {"parameter", "East"},
             {"paused", false},
             {"hours", "08:00-20:00"},
             {"until", "2027-11-26"}}};
}

} // namespace

const lookup_shape& shape_of(act a) {
    static const std::array<lookup_shape, act_names.size()> shapes{{
        {"bind", {"account", "code"}, {}, {}},
        {"unbind", {"account"}, {}, {}},
        {"accounts",
         {},
         {{.name = "account", .kind = templates::kind::text}},
         {{"account", "3100000001"}}},
        {"menu", {}, {}, {}},
        {"help", {"command"}, {}, {}},
        of_subscriptions("subscribe", {"topic"}),
        of_subscriptions("unsubscribe", {"topic"}),
        of_subscriptions("subscriptions", {}),
        of_subscriptions("pause", {"topic"}),
        of_subscriptions("resume", {"topic"}),
        of_subscriptions("hours", {"hours"}),
    }};
    return shapes[static_cast<std::size_t>(a)];
}

} // namespace posthorn::commands

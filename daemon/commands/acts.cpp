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
        {"change_contact", {"account", "new_number"}, {}, {}},
        {"report_work",
         {"place", "work", "begins", "ends"},
         {{.name = "area"}, {.name = "worker"}},
         {{"area", "城东"}, {"worker", "王师傅"}}},
        {"end_work",
         {"place"},
         {{.name = "place"}, {.name = "work"}},
         {{"place", "解放路18号"}, {"work", "更换变压器"}}},
    }};
    return shapes[static_cast<std::size_t>(a)];
}

const lookup_shape& work_shape() {
    static const lookup_shape shape{
        "work",
        {},
        {{.name = "place"},
         {.name = "work"},
         {.name = "begins_at", .kind = templates::kind::time},
         {.name = "ends_at", .kind = templates::kind::time, .required = false}},
        {{"place", "解放路18号"},
         {"work", "更换变压器"},
         {"begins_at", "2026-11-26T01:30:00Z"},
         {"ends_at", "2026-11-26T06:30:00Z"}}};
    return shape;
}

std::optional<argument_kind> kind_of(act a, std::string_view argument) {
    if (a == act::change_contact && argument == "new_number")
        return argument_kind::number;
    if (a == act::report_work && (argument == "begins" || argument == "ends"))
        return argument_kind::time;
    return std::nullopt;
}

} // namespace posthorn::commands

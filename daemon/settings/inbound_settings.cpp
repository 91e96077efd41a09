#include "settings/inbound_settings.hpp"

namespace posthorn::settings {

using namespace std::chrono_literals;

inbound_settings read_inbound(reader map) {
    inbound_settings i;
    if (map.is_void())
        return i;
    const auto number = [&](std::string_view key, unsigned fallback) {
        return static_cast<unsigned>(map.integer(key, {1, 1'000'000}, fallback));
    };
    i.join_within = map.duration("join_within", i.join_within, {10s, 24h});
    i.question_for = map.duration("question_for", i.question_for, {1min, 24h});
    i.patience = map.duration("patience", i.patience, {100ms, 5min});
    i.per_minute = number("per_minute", i.per_minute);
    i.per_hour = number("per_hour", i.per_hour);
    i.blocked = map.texts("blocked", {});
    return i;
}

} // namespace posthorn::settings

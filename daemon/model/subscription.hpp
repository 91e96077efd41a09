// A subscription: a phone wants what a topic publishes.
#pragma once

#include "model/time.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn {

// Of a day, in minutes from midnight; from > to goes over midnight, from == to is all day.
struct day_hours {
    std::int16_t from = 0, to = 0;
    constexpr bool all_day() const { return from == to; }
    constexpr bool has(std::chrono::minutes since_midnight) const {
        const auto at = since_midnight.count();
        return from < to ? from <= at && at < to : all_day() || at >= from || at < to;
    }
    bool operator==(const day_hours&) const = default;
};

struct subscription {
    std::string topic;
    std::string number;    // E.164 without '+'
    std::string parameter; // which of the topic's: an area, a brand; empty: the topic has none
    std::string language;  // empty: the topic's own
    bool paused = false;
    day_hours hours;      // what comes at other times waits for them
    instant expires_at{}; // 0: never
    bool operator==(const subscription&) const = default;
};

// What can become of one; a row of the log each. Stored by name.
enum class subscription_change : std::uint8_t {
    subscribed,
    unsubscribed,
    paused,
    resumed,
    changed, // hours, language, how long
    expired,
};

inline constexpr std::array<std::string_view, 6> subscription_change_names{
    "subscribed", "unsubscribed", "paused", "resumed", "changed", "expired"};

constexpr std::string_view name_of(subscription_change v) {
    return subscription_change_names[static_cast<std::size_t>(v)];
}

} // namespace posthorn

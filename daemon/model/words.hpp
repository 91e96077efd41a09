// The closed lists of words shared by YAML, CLI, API, metrics and code, each with its one spelling.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace posthorn {

enum class category : std::uint8_t { statutory, service, billing, marketing, survey, staff };
enum class priority : std::uint8_t { urgent, normal, bulk };
enum class to_kind : std::uint8_t { number, customer, account, group, area, topic, role, email };
// By which a message goes: to a phone, or to a mailbox.
enum class channel : std::uint8_t { sms, email };
// How many texts an event for many makes: one for each of these.
enum class one_per : std::uint8_t { number, account, customer };
enum class on_uncertain : std::uint8_t { resend, hold };

inline constexpr std::array<std::string_view, 6> category_names{"statutory", "service", "billing",
                                                                "marketing", "survey",  "staff"};
inline constexpr std::array<std::string_view, 3> priority_names{"urgent", "normal", "bulk"};
inline constexpr std::array<std::string_view, 8> to_kind_names{
    "number", "customer", "account", "group", "area", "topic", "role", "email"};
inline constexpr std::array<std::string_view, 2> channel_names{"sms", "email"};
inline constexpr std::array<std::string_view, 3> one_per_names{"number", "account", "customer"};
inline constexpr std::array<std::string_view, 2> on_uncertain_names{"resend", "hold"};

constexpr std::string_view name_of(category v) { return category_names[static_cast<size_t>(v)]; }
constexpr std::string_view name_of(priority v) { return priority_names[static_cast<size_t>(v)]; }
constexpr std::string_view name_of(to_kind v) { return to_kind_names[static_cast<size_t>(v)]; }
constexpr std::string_view name_of(channel v) { return channel_names[static_cast<size_t>(v)]; }
constexpr std::string_view name_of(one_per v) { return one_per_names[static_cast<size_t>(v)]; }
// Its messages are made later, for whoever is meant.
constexpr bool is_for_many(to_kind v) {
    return v != to_kind::number && v != to_kind::email && v != to_kind::topic;
}
// As an event has it written: it names the one who is told.
constexpr bool names_one(std::string_view kind) {
    return kind == name_of(to_kind::number) || kind == name_of(to_kind::email);
}
constexpr std::string_view name_of(on_uncertain v) {
    return on_uncertain_names[static_cast<size_t>(v)];
}

// The value whose name is `text`, if there is one.
template <class Enum, std::size_t N>
constexpr std::optional<Enum> value_named(const std::array<std::string_view, N>& names,
                                          std::string_view text) {
    for (std::size_t i = 0; i < N; ++i)
        if (names[i] == text)
            return static_cast<Enum>(i);
    return std::nullopt;
}

} // namespace posthorn

// A topic: something people subscribe to. One YAML file each (config/topics/NAME.yaml); immutable
// once loaded, and safe to share between threads.
#pragma once

#include "model/message.hpp"
#include "model/subscription.hpp"
#include "model/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::topics {

struct line { // in a language
    std::string language, text;
};

// What the topic's parameter is of a person.
enum class person_field : std::uint8_t { area, role, tier };

inline constexpr std::array<std::string_view, 3> person_field_names{"area", "role", "tier"};

constexpr std::string_view name_of(person_field f) {
    return person_field_names[static_cast<std::size_t>(f)];
}

// Each subscription is for one of these: one area, one brand.
struct parameter {
    std::string name;
    std::optional<person_field> from; // what it is when the phone names none; also its `own`
};

// Who may subscribe; all of it must hold.
struct entitlement {
    bool registered = true; // the number is known, or bound to a customer account
    std::vector<std::string> roles, tiers, areas; // one of them; none: any
    bool own_parameter = false; // only with the person's own value of parameter.from
};

enum class refusal : std::uint8_t { politely, silently };

inline constexpr std::array<std::string_view, 2> refusal_names{"politely", "silently"};

// Each event of the type, of any source, is an item.
struct feed {
    std::string type;
    std::string parameter; // the field that says for which subscriptions it is; empty: for all
};

enum class schedule_kind : std::uint8_t { cron, month_end, dates };

inline constexpr std::array<std::string_view, 3> schedule_kind_names{"cron", "month_end", "dates"};

constexpr std::string_view name_of(schedule_kind k) {
    return schedule_kind_names[static_cast<std::size_t>(k)];
}

// When a query is asked, as it is written; whoever keeps the time reads it.
struct schedule_text {
    schedule_kind kind = schedule_kind::cron;
    std::vector<std::string> texts; // one; of `dates` each
};

// A lookup that is asked on schedule: its rows are an item.
struct query {
    std::string lookup;
    bool takes_parameter = false; // asked once for each parameter that somebody subscribed to
    schedule_text at;
    duration late{};       // what was missed for longer is not made good
    bool each_row = false; // each row is an item of its own, else all are one
    std::string item;      // each_row: the column that names the item for ever
};

struct topic_word {
    std::string text, language;
};

struct topic {
    std::string name;              // "outage.area"; also the name of its file
    std::vector<line> description; // as lists and texts name it; sorted by language
    std::vector<topic_word> words; // how phones name it; all equal
    std::string type;              // whose texts, category, priority and validity its items have
    std::optional<category> stopped_by; // by opting out of this; none: of nothing
    std::optional<topics::parameter> takes;
    entitlement entitled;
    std::vector<line> fee; // named before it is subscribed, in each language; empty: none
    topics::refusal refuse = refusal::politely;
    day_hours hours;          // of a new subscription
    duration expires_after{}; // 0: never
    std::string extension;    // its messages leave from an account's sender and these digits
    std::vector<feed> feeds;
    std::optional<topics::query> query;
    std::string default_language;

    const std::string& description_in(std::string_view language) const;
    std::string fee_in(std::string_view language) const; // empty: none
};

// The batch that the texts of an item are.
std::string run_of_item(std::string_view topic, std::string_view item);

// Parameters are compared so: "ａbc 区。" is "ABC区" (a space beside Chinese says nothing). Subscriptions
// and publications have them only in this form.
std::string parameter_key(std::string_view written);

} // namespace posthorn::topics

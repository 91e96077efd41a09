// Which events a withdrawal means: the one place that says so. Inside the store only.
#pragma once

#include "model/event.hpp"
#include "model/type_pattern.hpp"
#include "store/text_hash.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::store {

inline std::int64_t hash_of_subject(std::string_view subject) {
    return static_cast<std::int64_t>(text_hash(subject));
}

// When it happened, as its source says; never later than it was taken in. The second one is the same in
// the columns of an event.
inline instant happened_at(const event& e) {
    const auto said = e.occurred_at != instant{} ? e.occurred_at : e.created_at;
    return said != instant{} ? std::min(said, e.received_at) : e.received_at;
}
inline constexpr std::string_view happened_column =
    "min(coalesce(nullif(e.occurred_at, 0), nullif(e.created_at, 0), e.received_at), "
    "e.received_at)";

// Of `patterns`, with blanks between, until one `is` it; whether one was.
template <class Is>
bool for_each_pattern(std::string_view patterns, Is is) {
    while (!patterns.empty()) {
        const auto end = patterns.find(' ');
        if (is(patterns.substr(0, end)))
            return true;
        patterns.remove_prefix(end == std::string_view::npos ? patterns.size() : end + 1);
    }
    return false;
}

inline bool means(std::string_view patterns, std::string_view type) {
    return for_each_pattern(patterns, [&](auto one) { return takes_in(one, type); });
}

// What a withdrawal is called by its event; one does not withdraw itself.
inline std::string what_of(std::string_view type, std::string_view key) {
    return std::string(type) + " " + std::string(key);
}

inline std::string withdrawn_by(std::string_view what) {
    return "withdrawn by " + std::string(what);
}

} // namespace posthorn::store

// Which events a withdrawal means: the one place that says so. Inside the store only.
#pragma once

#include "model/event.hpp"
#include "model/type_pattern.hpp"
#include "store/text_hash.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::store {

inline std::int64_t hash_of_subject(std::string_view subject) {
    return static_cast<std::int64_t>(text_hash(subject));
}

// happened_at() in the columns of an event that was taken in.
inline constexpr std::string_view happened_column =
    "min(coalesce(nullif(e.occurred_at, 0), nullif(e.created_at, 0), e.received_at), "
    "e.received_at)";

// `patterns`: with blanks between.
inline bool means(std::string_view patterns, std::string_view type) {
    while (!patterns.empty()) {
        const auto end = patterns.find(' ');
        if (takes_in(patterns.substr(0, end), type))
            return true;
        patterns.remove_prefix(end == std::string_view::npos ? patterns.size() : end + 1);
    }
    return false;
}

// Of a publication and a cancellation: no other event said the same.
inline constexpr std::string_view comes_of_it_alone =
    "p.event=c.event AND p.event>0 AND p.what IN ('', c.what)";

// What a withdrawal is called by its event; one does not withdraw itself.
inline std::string what_of(std::string_view type, std::string_view key) {
    return std::string(type) + " " + std::string(key);
}

inline std::string_view type_in(std::string_view what) { return what.substr(0, what.find(' ')); }

inline std::string withdrawn_by(std::string_view what) {
    return "withdrawn by " + std::string(what);
}

} // namespace posthorn::store

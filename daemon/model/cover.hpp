// A text that left says it for all of its type that were made about then for the same household: those are
// not sent.
#pragma once

#include "model/fnv1a.hpp"
#include "model/time.hpp"
#include "model/words.hpp"

#include <cstdint>
#include <string_view>

namespace posthorn {

// What a type says: one text for each of these, of those made within `hold` of one another.
struct collapse {
    one_per by = one_per::number;
    duration hold{};
};

// A customer or an account, as a message keeps it. Never 0.
constexpr std::uint64_t household_named(std::string_view name) { return fnv1a_not_0(name); }

struct cover {
    std::uint64_t household = 0; // with the type: a hash
    instant made{};              // the text that covers

    bool operator==(const cover&) const = default;
};

} // namespace posthorn

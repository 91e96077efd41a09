// When a text that one account had goes once more, by another one: what its type says, and the law
// that holds whatever it says.
#pragma once

#include "model/state.hpp"
#include "model/time.hpp"
#include "model/words.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace posthorn {

// What the first account has to show for it.
enum class failover_cause : std::uint8_t {
    undelivered, // a receipt says that it failed
    no_receipt,  // none came in time
};

inline constexpr std::array<std::string_view, 2> failover_cause_names{"undelivered", "no_receipt"};

struct failover_rule {
    bool undelivered = false;
    bool no_receipt = false;
    duration after{};     // so long a receipt is waited for
    unsigned at_most = 1; // so often a text goes once more

    bool operator==(const failover_rule&) const = default;
};

// All of it must have been accepted: half a text is not overtaken by a whole one, and what was never
// answered goes again only where its type sends such parts again.
inline bool may_fail_over(std::span<const part_state> parts, on_uncertain doubt) {
    const auto may = [doubt](part_state p) {
        switch (p) {
        case part_state::submitted:
        case part_state::delivered:
        case part_state::undelivered:
        case part_state::unconfirmed:
            return true;
        case part_state::unresolved:
            return doubt == on_uncertain::resend;
        default:
            return false;
        }
    };
    return std::ranges::all_of(parts, may) &&
           std::ranges::find(parts, part_state::submitted) != parts.end();
}

} // namespace posthorn

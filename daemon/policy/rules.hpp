// What policy.yaml says of each category, and of money. Made once, then only read.
#pragma once

#include "model/words.hpp"
#include "policy/budget.hpp"
#include "policy/quiet_hours.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace posthorn::policy {

// What becomes of a message that would leave in quiet hours. `email`: it goes to the mailbox of whom it is
// for, where there is one, else it waits.
enum class when_quiet : std::uint8_t { wait, drop, email };

inline constexpr std::array<std::string_view, 3> when_quiet_names{"wait", "drop", "email"};

struct category_rules {
    std::optional<quiet_hours> quiet;
    when_quiet messages = when_quiet::wait;
    unsigned per_day = 0, per_week = 0; // to one number; 0: no limit
    duration alike_within{};            // the same text to one number; 0: it may be sent again

    bool capped() const { return per_day > 0 || per_week > 0; }
    bool counts() const { return capped() || alike_within > duration{}; }
    bool any() const { return quiet || counts(); }
};

struct rules {
    std::string file = "policy.yaml";              // as reasons name it
    templates::zone zone = templates::zone::utc(); // of days and weeks
    std::array<category_rules, category_names.size()> categories;
    std::vector<budget> budgets;

    const category_rules& of(category c) const { return categories[static_cast<std::size_t>(c)]; }
};

} // namespace posthorn::policy

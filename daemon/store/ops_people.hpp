// Operations on numbers, customer accounts and what binds them. Numbers are E.164 digits without '+'.
// Each may be done twice: the second time it is stale.
#pragma once

#include "model/lockout.hpp"
#include "model/nuisance.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::store {

enum class binding_way : std::uint8_t { text, agent, import };

inline constexpr std::array<std::string_view, 3> binding_way_names{"text", "agent", "import"};

constexpr std::string_view name_of(binding_way v) {
    return binding_way_names[static_cast<std::size_t>(v)];
}

// What is known of a number or an account; what is not given stays as it was. Stale when nothing is
// changed by it; outcome::added tells a new one.
struct put_person {
    std::string number;
    std::optional<std::string> name, role, tier, area, language;
    std::optional<std::string> email = {}, channel = {}; // channel: a channel's name
    std::optional<std::string> zone = {}, hours = {};    // IANA; as shown(day_hours)
    instant at{};
};
struct put_customer_account {
    std::string account;
    std::optional<std::string> name, area, tier, language;
    std::optional<std::string> customer; // whose it is
    std::optional<bool> vulnerable = {}; // the supplier must spare it
    instant at{};
};

// The number may ask about the account from now on, or no more. Each that changes something has its
// row in binding_log; of an import, once the binding goes.
struct bind {
    std::string number, account;
    binding_way how = binding_way::text;
    std::string who; // the user, or the number itself
    std::string reason;
    instant at{};
    // Of which notices: payer, technical ...; "": of all; nothing: as before, else of all.
    std::optional<std::string> contact = {};
};
struct unbind {
    std::string number, account;
    binding_way how = binding_way::text;
    std::string who;
    std::string reason;
    instant at{};
};

// A new PIN, and the tries are forgotten. Stale when there was none to clear.
struct set_pin {
    std::string number;
    std::string hash; // people::hash_of; empty: the number has none any more
    instant at{};
};

// Before a PIN or a code is looked at: the try counts as wrong until clear_tries or
// use_binding_code says otherwise, so that many at once are no way around the lock.
//   applied  look at it
//   stale    do not: the number is locked, or the account has no code that may still be tried
struct count_try {
    std::string number;
    std::string account; // whose code is tried; empty: a PIN is
    lockout rule;
    instant at{};
};
struct clear_tries { // the PIN was right; stale when there is nothing to clear
    std::string number;
    instant at{};
};

// The account's code from now on; an earlier one is void.
struct put_binding_code {
    std::string account;
    std::string hash; // people::hash_of
    instant expires_at{};
    instant at{};
};
// The code with this hash was right: it is void, the number is bound by text, its tries are
// forgotten. Stale when the code is another, or its time is over.
struct use_binding_code {
    std::string number, account;
    std::string hash;
    std::string reason;
    instant at{};
};

// On the list of numbers that are not answered, in place of what it says of this number; `until` not
// after `since`: off it. Stale when it is not on it.
struct put_nuisance {
    posthorn::nuisance what;
};

} // namespace posthorn::store

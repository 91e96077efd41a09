// The two tables behind model/state.hpp.
#include "model/state.hpp"

#include "model/words.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace posthorn {

namespace {

using enum part_state;

constexpr std::array<std::string_view, 12> part_names{
    "queued",   "sending", "uncertain", "submitted",  "delivered",   "undelivered",
    "rejected", "expired", "cancelled", "suppressed", "unconfirmed", "unresolved"};

constexpr std::array<std::string_view, 12> message_names{
    "queued",   "sending", "submitted", "delivered",  "partial",     "undelivered",
    "rejected", "expired", "cancelled", "suppressed", "unconfirmed", "uncertain"};

bool not_left(part_state s) { return s == queued; }

// Bytes may be at the carrier, so a receipt means something.
bool may_be_out(part_state s) {
    return s == sending || s == uncertain || s == submitted || s == unconfirmed || s == unresolved;
}

} // namespace

part_state next(part_state from, part_event event) {
    switch (event) {
    case part_event::open:
        return from == queued || from == uncertain ? sending : from;
    case part_event::accept:
        return from == sending || from == uncertain ? submitted : from;
    case part_event::defer:
        return from == sending || from == uncertain ? queued : from;
    case part_event::reject:
        return from == sending || from == uncertain ? rejected : from;
    case part_event::doubt:
        return from == sending ? uncertain : from;
    case part_event::deliver:
        return may_be_out(from) ? delivered : from;
    case part_event::fail:
        return may_be_out(from) ? undelivered : from;
    case part_event::expire:
        return may_be_out(from) || not_left(from) ? expired : from;
    case part_event::cancel:
        return not_left(from) || from == submitted ? cancelled : from;
    case part_event::suppress:
        return not_left(from) ? suppressed : from;
    case part_event::give_up:
        return from == submitted ? unconfirmed : from;
    case part_event::stop_asking:
        return from == uncertain ? unresolved : from;
    }
    throw std::logic_error("part_event outside the table");
}

message_state fold(std::span<const part_state> parts) {
    const auto has = [&](part_state s) { return std::ranges::find(parts, s) != parts.end(); };
    const auto all = [&](part_state s) {
        return std::ranges::all_of(parts, [s](part_state p) { return p == s; });
    };
    if (has(sending) || has(uncertain))
        return message_state::sending;
    if (has(queued))
        return all(queued) ? message_state::queued : message_state::sending;
    if (has(submitted))
        return message_state::submitted;
    if (all(delivered))
        return message_state::delivered;

    // Final from here. A part that surely failed decides; otherwise what is not known does.
    constexpr std::array failures{std::pair{rejected, message_state::rejected},
                                  std::pair{undelivered, message_state::undelivered},
                                  std::pair{expired, message_state::expired},
                                  std::pair{cancelled, message_state::cancelled},
                                  std::pair{suppressed, message_state::suppressed}};
    for (const auto& [part, message] : failures)
        if (has(part))
            return has(delivered) || has(unconfirmed) || has(unresolved) ? message_state::partial
                                                                         : message;
    return has(unresolved) ? message_state::uncertain : message_state::unconfirmed;
}

std::string_view name_of(part_state s) { return part_names.at(static_cast<std::size_t>(s)); }
std::string_view name_of(message_state s) { return message_names.at(static_cast<std::size_t>(s)); }
std::optional<message_state> message_state_named(std::string_view name) {
    return value_named<message_state>(message_names, name);
}

} // namespace posthorn

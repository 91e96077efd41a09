// What can become of a part, and the one pure table that folds parts into the state of their
// message.
//
//             ┌──────── deferred ───────┐
//             ▼                         │
//   queued ─open─► sending ─accepted─► submitted ─receipt─► delivered, undelivered, expired
//                   │    ▲               └─ receipt_wait over ─► unconfirmed
//         no answer ▼    │ resend
//                  uncertain ─ hold_for over ─► unresolved (its message is then `uncertain`)
//
// `rejected`, `expired`, `cancelled` and `suppressed` close a part instead of sending it, or as the
// carrier's answer to it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace posthorn {

enum class part_state : std::uint8_t {
    queued,      // nothing of it has left
    sending,     // the intent is committed: bytes may have left
    uncertain,   // bytes left and no answer came; being settled
    submitted,   // the carrier accepted it
    delivered,   // a receipt says the phone has it
    undelivered, // a receipt says it failed
    rejected,    // the carrier refused it
    expired,     // its time was over before it left, or the carrier says so
    cancelled,   // withdrawn, or a sibling part had failed before this one left
    suppressed,  // policy said no
    unconfirmed, // accepted, and no final receipt came in time
    unresolved,  // uncertain, and nothing settled it in time
};

inline constexpr unsigned part_state_count = 12;

enum class message_state : std::uint8_t {
    queued,
    sending,
    submitted,
    delivered,
    partial,
    undelivered,
    rejected,
    expired,
    cancelled,
    suppressed,
    unconfirmed,
    uncertain,
};

constexpr bool is_final(part_state s) { return s >= part_state::delivered; }
constexpr bool is_final(message_state s) { return s >= message_state::delivered; }

inline constexpr unsigned message_state_count = 12;

// What a part can be told. Every change of state goes through `next`.
enum class part_event : std::uint8_t {
    open,        // the intent is committed
    accept,      // verdict accepted
    defer,       // verdict deferred, or stopped before its bytes left: back to the queue
    reject,      // verdict rejected
    doubt,       // verdict uncertain, link lost, or the daemon died in between
    deliver,     // receipt: delivered
    fail,        // receipt: undelivered, deleted, rejected by the far end
    expire,      // receipt: expired; or our own clock before it left
    cancel,      // withdrawn before it left, or the carrier says that it took it back
    suppress,    // policy
    give_up,     // no final receipt within validity + receipt_wait
    stop_asking, // uncertain for hold_for
};

// The state after `event`, or `from` itself when the event changes nothing there (a repeated or
// late receipt, a verdict on a closed attempt). Receipts correct `unconfirmed` and `unresolved`.
part_state next(part_state from, part_event event);

// Where a verdict or receipt finds nearly all parts; nothing of other events.
constexpr std::optional<part_state> usual_before(part_event event) {
    switch (event) {
    case part_event::accept:
    case part_event::defer:
    case part_event::reject:
    case part_event::doubt:
        return part_state::sending;
    case part_event::deliver:
    case part_event::fail:
        return part_state::submitted;
    default:
        return std::nullopt;
    }
}

// The message's state. `parts` is not empty.
message_state fold(std::span<const part_state> parts);

std::string_view name_of(part_state s);
std::string_view name_of(message_state s);
std::optional<message_state> message_state_named(std::string_view name);

} // namespace posthorn

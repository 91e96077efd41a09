// A question to a phone and what its answer is for:
//
//   "YE" ─► which account? 1 … 2 … ─► "2" ─► "YE" goes on with account 2
//   "DF" ─► your PIN? ─► "4711" ─► "DF" goes on
//
// Pure: what was asked lies in the store as JSON, and comes back with the answer.
#pragma once

#include <boost/json/object.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::dialogues {

enum class asked : std::uint8_t {
    choose, // one of `choices`, by its number
    pin,    // the PIN of the phone
    code,   // the code it was sent
    topic,  // one of `choices`: topics or subscriptions, by its number
    agree   // whether it wants what costs something
};

inline constexpr std::array<std::string_view, 5> asked_names{"choose", "pin", "code", "topic",
                                                             "agree"};

constexpr std::string_view name_of(asked a) { return asked_names[static_cast<std::size_t>(a)]; }

// The command that waits for the answer.
struct exchange {
    std::string command;
    std::string language;
    boost::json::object arguments;    // of the command, as understood
    std::vector<std::string> choices; // choose, topic: in the order of their numbers
    std::string account;              // chosen, or named: pin and code go on with it
    std::string hash;                 // code: of the code
    std::int64_t inbound = 0;         // the text that asked, and
    std::string words;                // what it said; empty: a secret was in it
};

std::string to_json(const exchange& e);
// Nothing when it is none of ours: written by another version.
std::optional<exchange> read_exchange(std::string_view json);

// The text as an answer to what was asked: the number of the choice, or the digits. Nothing when it
// cannot be meant as an answer. Full-width digits, a full stop or blanks around do no harm.
std::optional<std::string> digits_in(asked what, std::string_view text);

// Yes or no, in one word: Y, 是, 不. Nothing for other texts.
std::optional<bool> agreement_in(std::string_view text);

} // namespace posthorn::dialogues

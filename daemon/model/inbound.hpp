// Texts from phones: what may become of one, and the question a phone is asked back.
#pragma once

#include "model/id.hpp"
#include "model/message.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn {

enum class inbound_outcome : std::uint8_t {
    kept,      // nobody here answers texts
    answered,  // by a message, or by a question
    failed,    // answered that it cannot be now: a person must look
    part,      // of a longer text, whose first part is its `head`
    duplicate, // the carrier brought it twice; `head` is the one that was handled
    late,      // a part that came after its text had been handled without it
    ignored,   // with intent: the sender is limited, blocked, or a machine
    handled,   // it had failed, and a person has looked
    passed,    // it belongs to a source, which gets it
};

inline constexpr std::array<std::string_view, 9> inbound_outcome_names{
    "kept", "answered", "failed", "part", "duplicate", "late", "ignored", "handled", "passed"};

constexpr std::string_view name_of(inbound_outcome o) {
    return inbound_outcome_names[static_cast<std::size_t>(o)];
}

// A text as it came, or one part of it; stored and acknowledged.
struct inbound_text {
    posthorn::id id = 0;
    name_id account = 0;
    std::string sender;    // the phone, as the carrier wrote it
    std::string recipient; // our number, with its extension
    std::string octets;    // UDH included when `udh`
    std::string text;      // UTF-8; empty when it is none
    std::uint8_t data_coding = 0;
    bool udh = false;
    instant at{};
};

// The key of the event that answers a text begins so, and goes on with the text's id: nothing is
// answered twice.
inline constexpr std::string_view answer_key = "mo-";

// What a phone was asked back, and what its answer is for.
struct question {
    std::string number;    // the phone, E.164 without '+'
    std::string recipient; // our number it was asked from
    posthorn::id id = 0;   // of the text that led to it
    std::string kind;      // the words of dialogues/
    std::string data;      // JSON, what `kind` needs to go on
    unsigned tries = 0;    // wrong answers so far
    instant asked_at{};
    instant expires_at{};
};

} // namespace posthorn

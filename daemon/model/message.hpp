// A message: one recipient, one channel, one text; and its parts, the unit of everything on the
// wire.
#pragma once

#include "model/id.hpp"
#include "model/state.hpp"
#include "model/words.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn {

// How a text is coded on the wire. Stored by number. `email`: it is a letter (model/letter.hpp), and
// goes to an address.
enum class coding : std::uint8_t { gsm7, ucs2, email };

inline constexpr std::array<std::string_view, 3> coding_names{"gsm7", "ucs2", "email"};

constexpr std::string_view name_of(coding v) { return coding_names[static_cast<std::size_t>(v)]; }

constexpr channel channel_of(coding v) {
    return v == coding::email ? channel::email : channel::sms;
}

// Small integers the store gives to names (accounts, pools, sources, types); stable for ever.
using name_id = std::int32_t;

struct part {
    std::uint8_t n = 1; // 1-based
    part_state state = part_state::queued;
    std::uint16_t attempts = 0; // intents opened so far; the fence of every later change
    std::string octets;         // what goes over the wire, UDH included
};

struct message {
    posthorn::id id = 0;
    posthorn::id event = 0;
    name_id source = 0;
    name_id type = 0;
    name_id pool = 0;    // who may carry it
    name_id account = 0; // once a part was opened: the account it is bound to, else 0
    posthorn::priority priority = posthorn::priority::normal;
    posthorn::coding coding = posthorn::coding::gsm7;
    on_uncertain doubt = on_uncertain::hold;
    std::string recipient; // E.164 without '+'; of a letter the address
    std::string sender;    // as the account sent it, once opened
    std::string language;
    std::string text;
    std::string run; // of its event; may be empty
    // Of its type's wording: by which version it was made; 0: nobody knows.
    std::int64_t wording = 0;
    std::string phone; // of a letter: whose consent counts beside that of the address; may be empty
    std::uint64_t household =
        0; // whose it is, where its type collapses by that: a hash; 0: its number's
    instant due_at{};
    instant expires_at{};
    std::vector<part> parts;
};

} // namespace posthorn

// One letter's talk with the server, and what its end means.
//
//   connect ► greeting ► EHLO ► STARTTLS ► AUTH ► MAIL ► RCPT ► DATA ► the letter and a dot ► answer
//   └──────────── of the account: deferred ────┘ └──── of the letter ─┘ └── no answer: uncertain ──┘
#pragma once

#include "sdk/unit.hpp"

#include <string>
#include <string_view>

namespace posthorn::email {

enum class stage : std::uint8_t { connecting, sender, recipient, letter };

struct conversation {
    email::stage stage = stage::connecting;
    bool all_left = false; // the last octets of the letter were given away
    int code = 0;          // of the server's last answer to what we said last; 0: none yet
    std::string answer;    // its last line
    bool parted = false;   // QUIT was said: what comes now means nothing

    void said(std::string_view command); // by us, one line
    void heard(std::string_view line);   // from the server
    void gave_all();
};

struct outcome {
    sdk::verdict verdict; // without handle and ref
    std::string trouble;  // of the account, not of this letter: why nothing more should follow
};

// `done`: the library has seen all of it through. `failure`: its word for what went wrong.
outcome outcome_of(const conversation& c, bool done, std::string_view failure);

} // namespace posthorn::email

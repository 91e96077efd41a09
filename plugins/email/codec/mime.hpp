// A letter as mail: RFC 5322 with MIME, CRLF, no line longer than 998 octets.
//
//     From, To, Subject, Message-ID ...
//     text/plain                          or  multipart/alternative { text/plain, text/html }
#pragma once

#include "sdk/unit.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::email {

struct letter {
    std::string_view subject, plain, html; // UTF-8; html may be empty
};

struct envelope {
    std::string_view from, from_name, reply_to, to; // from_name, reply_to: may be empty
    std::uint64_t message = 0;                      // whose letter it is: the same at each attempt
    std::string_view opt_out = {}; // the mailbox to which one opts out of it; may be empty
    sdk::instant now{};            // its date
};

// What bounces are recognised by: posthorn.MESSAGE@DOMAIN of the sender, without brackets.
std::string message_id_of(std::uint64_t message, std::string_view from);
bool is_message_id_of_ours(std::string_view id, std::string_view from);

// The same for the same letter, but for its date.
std::string mail_of(const letter& l, const envelope& e);

} // namespace posthorn::email

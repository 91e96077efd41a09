// What a mail server's code means (RFC 3463), for those who do not run one:
//
//     5.1.1 smtp; 550 5.1.1 User unknown      there is no such mailbox
#pragma once

#include <string>
#include <string_view>

namespace posthorn::email {

// Of an answer or a bounce; empty: nothing is known of it.
std::string plain_words(std::string_view code);

} // namespace posthorn::email

// Mailboxes: what a source writes becomes local@domain, or a reason why not.
#pragma once

#include "model/refusal.hpp"

#include <string>
#include <string_view>

namespace posthorn {

// The domain in small letters; the part before the '@' as it was written, for servers may tell its
// letters apart. What no server takes everywhere (quoted parts, other than ASCII letters) is refused,
// and so is whatever could end a line. The reason shows it masked.
result<std::string> to_email(std::string_view written);

// Whether it is an address and no number.
inline bool is_address(std::string_view recipient) {
    return recipient.find('@') != std::string_view::npos;
}

// Whatever the case of letters: servers that tell it apart are rare, people who do are rarer.
bool same_mailbox(std::string_view a, std::string_view b);
std::string in_small_letters(std::string_view address);

} // namespace posthorn

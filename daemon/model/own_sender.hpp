// The sender of a message that leaves from the account's own sender with digits of ours after it,
// where the account lets them follow, else from the account's own: "*55". The account is known only
// when it leaves.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace posthorn {

inline std::string own_sender_with(std::string_view digits) { return "*" + std::string(digits); }

// Nothing: the sender is what it says.
inline std::optional<std::string_view> digits_after_own(std::string_view sender) {
    if (!sender.starts_with('*'))
        return std::nullopt;
    return sender.substr(1);
}

} // namespace posthorn

// How the recipient of a letter opts out by mail (RFC 2369): its header, and what is sent back by it.
//
//     List-Unsubscribe: <mailto:bounces@example.com?subject=opt-out%20posthorn.4812%40example.com>
//     Subject: opt-out posthorn.4812@example.com
#pragma once

#include "sdk/unit.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::email {

// The value of the header. `to`: the mailbox that is read; `from`: whose letter it is.
std::string list_unsubscribe(std::string_view to, std::uint64_t message, std::string_view from);

// Of any octets. Nothing: it is no such mail, or not about a letter of `from`.
std::optional<sdk::opt_out> read_opt_out(std::string_view mail, std::string_view from);

} // namespace posthorn::email

// A message's id: ten octets that the gateway gives, usually BCD:
//
//     gateway 3 | MMDDhhmm 4 | sequence 3
//
// It is not text: any octet may be in it, NUL, space and colon too. People see 20 hexadecimal digits.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::smgp {

constexpr std::size_t msg_id_size = 10;

using msg_id = std::array<char, msg_id_size>;

/// 20 digits, a to f small.
std::string hex_of(std::string_view octets);
/// Nothing when they are not 20 hexadecimal digits, in either case.
std::optional<msg_id> msg_id_of(std::string_view hex) noexcept;

} // namespace posthorn::smgp

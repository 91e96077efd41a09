// The few things we ask of OpenSSL: randomness, SHA-256, HMAC, and a comparison that takes the same
// time wherever two texts differ. All throw std::runtime_error when OpenSSL fails.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace posthorn::tokens {

std::string random_octets(std::size_t count);
std::string sha256(std::string_view octets);
std::string hmac_sha256(std::string_view key, std::string_view octets);
bool same(std::string_view a, std::string_view b); // in constant time for texts of one length

std::string hex(std::string_view octets);
std::string base64(std::string_view octets);
// False when `text` is not base64.
bool read_base64(std::string_view text, std::string& octets);

} // namespace posthorn::tokens

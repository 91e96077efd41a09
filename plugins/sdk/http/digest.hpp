// What signatures are made of. Pure; of OpenSSL.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::sdk {

enum class digest : std::uint8_t { md5, sha1, sha256, sha512 };

// Octets.
std::string hash_of(digest how, std::string_view text);
std::string hmac_of(digest how, std::string_view key, std::string_view text);

std::string hex_of(std::string_view octets); // lower case
std::string hex_sha256(std::string_view text);
std::string base64_of(std::string_view octets);

// Takes as long wherever they differ.
bool same_secret(std::string_view one, std::string_view other);

} // namespace posthorn::sdk

// What Vonage says of a text and of a mistake, and how it cuts and signs. Pure.
#pragma once

#include "sdk/http/escape.hpp"
#include "sdk/simulator/http/provider.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::vonage::simulator {

constexpr auto known_faults = posthorn::simulator::http::faults_said(
    "answer a text, or a part of it, with status 1", "answer it with status 10, too many binds",
    "add fields nobody knows to answers and receipts");

/// What has become of a text: "failed", and the err-code.
struct status {
    std::string_view word, error;
};
status status_of(posthorn::simulator::outcome of);

namespace errors {

constexpr std::uint32_t too_fast = 1, missing = 2, invalid = 3, login = 4, too_many_binds = 10,
                        too_long = 12, signature = 14, sender = 15, callback = 23, both = 32;

} // namespace errors

/// "Bad Credentials".
std::string_view error_text(std::uint32_t status);

/// One for each short message that a text goes as; `unicode`: 70 UTF-16 units, or parts of 67; else
/// 160 septets, or parts of 153. Each of several begins with its user data header.
std::vector<std::string> cut(std::string_view words, bool unicode);

/// "md5hash", "md5", "sha1", "sha256", "sha512".
constexpr std::string_view signature_methods[] = {"md5hash", "md5", "sha1", "sha256", "sha512"};
/// Hex, of all fields but `sig`.
std::string sign(const sdk::form_fields& fields, std::string_view method,
                 const std::string& secret);

} // namespace posthorn::vonage::simulator

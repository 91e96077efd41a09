// Tokens: what a business system shows to send over HTTP. A token is 256 random bits, so one salted
// SHA-256 of it is as good as any slow hash:
//
//     pht_1f0c6a3e_8d2b…64 hex digits…      shown once, when it is made
//         └─ id: no secret; lists, logs and `posthorn token revoke` name it
#pragma once

#include "model/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace posthorn::tokens {

struct token {
    std::string id;
    std::string source; // who may send with it; empty: nobody
    std::string name;   // for people; may be empty, but not of an agent
    instant created_at{};
    std::string salt;   // hex
    std::string hash;   // hex
    bool agent = false; // of a person who serves customers; neither: it only reads the metrics
};

struct new_token {
    tokens::token token;
    std::string text; // to be shown, and kept nowhere
};

new_token make_token(std::string source, std::string name, instant now);
// The id in a text that looks like a token.
std::optional<std::string_view> id_in(std::string_view text);
bool opens(const token& t, std::string_view text);

} // namespace posthorn::tokens

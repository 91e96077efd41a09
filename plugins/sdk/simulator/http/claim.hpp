// How a client of a cloud shows who it is, over headers that it names itself:
//
//     Authorization: SCHEME Credential=WHO, SignedHeaders=host;x-date, Signature=HEX
#pragma once

#include "sdk/simulator/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace posthorn::simulator::http {

struct claim {
    std::string_view credential, signed_headers, signature;

    bool signs(std::string_view header) const;
};

/// Nothing when it is none of this scheme.
std::optional<claim> read_claim(std::string_view authorization, std::string_view scheme);

/// "name:value\n" of each header that is signed, in the order of their names there.
std::string signed_lines(const message& asked, const claim& its);

} // namespace posthorn::simulator::http

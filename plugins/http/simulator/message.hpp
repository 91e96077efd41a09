// HTTP/1.1 as it is on the wire, as much of it as a simulated provider needs: whole messages with
// Content-Length. Pure.
#pragma once

#include "sdk/http/message.hpp"
#include "sdk/link/framer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace posthorn::http::simulator {

/// Cuts a connection into requests, or into answers.
extern const posthorn::sdk::framer::shape message_frame;

struct message {
    // "POST", "/v2/messages", "HTTP/1.1", or "HTTP/1.1", "200", "OK"
    std::string_view first, second, third;
    sdk::http_headers headers; // names in lower case
    std::string_view body;
};

/// Of the octets of a whole one; nothing when that is no HTTP.
std::optional<message> read_message(std::string_view octets);

/// Appends one; `start` is its first line, `headers` whole lines.
void write_message(std::string& to, std::string_view start, std::string_view headers,
                   std::string_view json);

} // namespace posthorn::http::simulator

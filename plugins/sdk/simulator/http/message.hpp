// HTTP/1.1 as it is on the wire, as much of it as a simulated provider needs: whole messages with
// Content-Length. Pure.
#pragma once

#include "sdk/http/message.hpp"
#include "sdk/link/framer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace posthorn::simulator::http {

/// Cuts a connection into requests, or into answers.
extern const sdk::framer::shape message_frame;

struct message {
    // "POST", "/v2/messages?a=b", "HTTP/1.1", or "HTTP/1.1", "200", "OK"
    std::string_view first, second, third;
    sdk::http_headers headers; // names in lower case
    std::string_view body;

    std::string_view path() const { return second.substr(0, second.find('?')); }
    std::string_view query() const;
    /// Of an answer; 0: it has none.
    std::uint32_t status() const;
    std::string_view header(std::string_view name) const { return sdk::field_of(headers, name); }
};

/// Of the octets of a whole one; nothing when that is no HTTP.
std::optional<message> read_message(std::string_view octets);

/// Appends one; `start` is its first line, `headers` whole lines.
void write_message(std::string& to, std::string_view start, std::string_view headers,
                   std::string_view type, std::string_view body);

/// "Sun, 22 Nov 2026 01:30:45 GMT"
std::string date_of(sdk::instant at);

constexpr std::string_view json_type = "application/json",
                           form_type = "application/x-www-form-urlencoded";

} // namespace posthorn::simulator::http

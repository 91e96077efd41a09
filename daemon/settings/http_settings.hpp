// `http:` in posthorn.yaml: where business systems reach us, and what nobody may overdo there.
#pragma once

#include "settings/reader.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace posthorn::settings {

struct http_settings {
    std::string address;    // as written, without the port; empty: there is no listener
    std::uint16_t port = 0; // 0: any, for tests; the log names it
    std::filesystem::path certificate, key;          // PEM; empty: no TLS
    std::int64_t longest_body = 1 << 20;             // octets
    duration header_wait = std::chrono::seconds(10); // from a request's first octet
    duration body_wait = std::chrono::seconds(30);
    duration idle_wait = std::chrono::seconds(60); // between two requests
    unsigned connections = 256;
    unsigned connections_per_address = 64;
    unsigned requests_per_second = 200; // of one token
};

// `folder`: where relative paths begin. Beyond the loopback there must be TLS.
http_settings read_http(reader map, const std::filesystem::path& folder);

} // namespace posthorn::settings

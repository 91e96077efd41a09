#include "settings/http_settings.hpp"

#include <boost/asio/ip/address.hpp>

#include <charconv>

namespace posthorn::settings {

namespace {

using namespace std::chrono_literals;

constexpr const char* listen_wanted =
    "must be ADDRESS:PORT like 127.0.0.1:8650 or [::1]:8650, or: off";

bool read_listen(const std::string& written, http_settings& h) {
    const auto colon = written.rfind(':');
    if (colon == std::string::npos)
        return false;
    const auto* end = written.data() + written.size();
    const auto read = std::from_chars(written.data() + colon + 1, end, h.port);
    h.address = written.substr(0, colon);
    if (h.address.starts_with('[') && h.address.ends_with(']'))
        h.address = h.address.substr(1, h.address.size() - 2);
    else if (h.address.find(':') != std::string::npos)
        return false;
    boost::system::error_code ec;
    boost::asio::ip::make_address(h.address, ec);
    return !ec && read.ec == std::errc() && read.ptr == end;
}

std::filesystem::path read_path(reader& map, const char* key, const std::filesystem::path& folder) {
    if (!map.has(key))
        return {};
    const auto path = (folder / map.text(key)).lexically_normal();
    if (!std::filesystem::exists(path))
        map.fail(key, "there is no file " + path.string());
    return path;
}

void check_tls(reader& map, const http_settings& h) {
    if (h.certificate.empty() != h.key.empty())
        map.fail(h.key.empty() ? "certificate" : "key",
                 "certificate and key go together: the other one is missing");
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(h.address, ec);
    if (!ec && !address.is_loopback() && h.certificate.empty())
        map.fail("listen", "beyond this machine tokens need TLS: give certificate and key, or "
                           "listen on 127.0.0.1 behind a proxy that has them");
}

} // namespace

http_settings read_http(reader map, const std::filesystem::path& folder) {
    http_settings h;
    if (map.is_void())
        return h;
    const auto listen = map.text("listen", "127.0.0.1:8650");
    const bool off = listen == "off";
    if (!off && !read_listen(listen, h))
        map.fail("listen", listen_wanted);
    h.certificate = read_path(map, "certificate", folder);
    h.key = read_path(map, "key", folder);
    if (!off)
        check_tls(map, h);
    h.longest_body = map.bytes("body", {1 << 10, 64 << 20}, h.longest_body);
    h.header_wait = map.duration("header_wait", h.header_wait, {.least = 1s, .most = 10min});
    h.body_wait = map.duration("body_wait", h.body_wait, {.least = 1s, .most = 10min});
    h.idle_wait = map.duration("idle_wait", h.idle_wait, {.least = 1s, .most = 1h});
    h.connections = static_cast<unsigned>(map.integer("connections", {1, 10'000}, h.connections));
    h.connections_per_address = static_cast<unsigned>(
        map.integer("connections_per_address", {1, 10'000}, h.connections_per_address));
    h.requests_per_second = static_cast<unsigned>(
        map.integer("requests_per_second", {1, 100'000}, h.requests_per_second));
    return h;
}

} // namespace posthorn::settings

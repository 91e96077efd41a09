// What is the same for all links of an account: where they go, their limits, and what the protocol
// calls things, for logs and people.
#pragma once

#include "sdk/adapter.hpp"
#include "sdk/link/framer.hpp"
#include "sdk/link/receipt_watch.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace posthorn::sdk {

struct link_settings {
    std::string host;
    std::uint16_t port = 0;
    unsigned window = 0, links = 1; // window: of each link
    // Silence after which the link is tested; limits for the answer to a text, to the login, for the
    // connection, and for the rest of a packet.
    duration test_after{}, response_timeout{}, login_timeout{}, connect_timeout{}, inactivity{};
    // Where there is no test: a link of ours without work for so long is opened anew. 0: never.
    duration rest_after{};
    // Receipts that stay out for so long are fetched by new links. 0: never.
    duration rebind_without_receipts{};

    std::string place() const { return host + ":" + std::to_string(port); }
};

struct protocol_words {
    std::string_view name;                          // "CMPP"
    std::string_view packet = "packet";             // "PDU"
    std::string_view login = "login";               // "bind": what the request is called
    std::string_view login_limit = "login_timeout"; // the option for it
    std::string_view in = "logged in", not_in = "not logged in"; // "bound"
    std::string_view test;    // "ACTIVE_TEST"; empty: there is none
    std::string_view goodbye; // "TERMINATE"
    std::string_view check;   // options to compare: "source_addr and secret"
    framer::shape frame;
};

// Outlives all links of the account.
struct link_account {
    sdk::host& host;
    const link_settings& settings;
    const protocol_words& words;
    std::string user; // for logs: "system_id=esme01"
    receipt_watch watch{settings.rebind_without_receipts};
};

// Options that accounts of all these protocols have, for their tables.
namespace usual {

using enum option::kind;
inline constexpr std::int64_t second = 1000;

inline constexpr option host{
    .name = "host", .required = true, .help = "Name or address of the carrier's gateway."};
constexpr option port(std::string_view fallback) {
    return {.name = "port",
            .what = integer,
            .fallback = fallback,
            .least = 1,
            .most = 65535,
            .help = "TCP port."};
}
constexpr option window(std::string_view fallback) {
    return {.name = "window",
            .what = integer,
            .fallback = fallback,
            .least = 1,
            .most = 10000,
            .help =
                "How many texts a link may have unanswered at once; the carrier says how many."};
}
inline constexpr option links{.name = "links",
                              .what = integer,
                              .fallback = "1",
                              .least = 1,
                              .most = 64,
                              .help =
                                  "How many links to keep; the carrier says how many it allows."};
constexpr option limit(std::string_view name, std::string_view fallback, std::string_view help,
                       std::int64_t most = 3600) {
    return {.name = name,
            .what = interval,
            .fallback = fallback,
            .least = second,
            .most = most * second,
            .help = help};
}
inline constexpr option active_test = limit(
    "active_test", "30s", "Silence after which the link is tested; 2 unanswered tests close it.");
constexpr option response_timeout(std::string_view fallback) {
    return limit("response_timeout", fallback,
                 "A text without an answer for so long is uncertain; short ones make duplicates.");
}
inline constexpr option login_timeout =
    limit("login_timeout", "10s", "Limit for the answer to the login.", 600);
inline constexpr option connect_timeout =
    limit("connect_timeout", "10s", "Limit for the TCP connection.", 600);
inline constexpr option inactivity =
    limit("inactivity", "30s", "Limit for the rest of a message whose first octets came.", 600);

inline constexpr option rebind_without_receipts{
    .name = "rebind_without_receipts",
    .what = interval,
    .fallback = "0s",
    .most = 24LL * 3600 * second,
    .help = "Bind again when texts are accepted and no receipt comes for so long, where they stop "
            "until then. 0s: never."};

inline constexpr option longest_validity{
    .name = "longest_validity",
    .what = interval,
    .fallback = "0s",
    .most = 365LL * 24 * 3600 * second,
    .help = "The most the carrier takes; longer ones are cut. 0s: no limit."};

// option::check of a text that has so much room on the wire.
template <std::size_t most>
std::string too_long(std::string_view, std::string_view text) {
    return text.size() > most ? "has more than " + std::to_string(most) + " characters" : "";
}

} // namespace usual

// By longest_validity.
constexpr duration cut_validity(duration validity, duration longest) {
    return longest > duration{} ? std::min(validity, longest) : validity;
}

// What the options PREFIXurgent, PREFIXnormal and PREFIXbulk say, by sdk::priority.
std::array<std::uint8_t, 3> by_priority(const options& from, const std::string& prefix);

// By the options above. `test`, `login_limit`: what the protocol calls them; without a test (SGIP) "".
link_settings links_of(const options& from, std::string_view test = "active_test",
                       std::string_view login_limit = "login_timeout");

} // namespace posthorn::sdk

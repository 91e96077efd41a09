// CMPP 2.0 and 3.0 packets, decoded and encoded without I/O and without copying.
//
//     Total_Length u32 | Command_Id u32 | Sequence_Id u32 | body
//
// Total_Length counts the whole packet. Bit 31 of Command_Id marks an answer, which repeats its
// request's Sequence_Id; each side has its own numbers.
#pragma once

#include "cmpp/codec/body.hpp"
#include "sdk/link/framer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace posthorn::cmpp {

constexpr std::size_t header_size = 12;
constexpr std::size_t longest_packet = 4096; // the longest legal one has 3,618 octets
constexpr std::uint32_t response_bit = 0x80000000;

/// How their stream is cut into them.
constexpr sdk::framer::shape frame{.protocol = "CMPP",
                                   .length_field = "Total_Length",
                                   .least = header_size,
                                   .most = longest_packet};

/// What an account speaks. It decides the widths; what the peer's version octet says does not.
enum class dialect : std::uint8_t { v20 = 0x20, v30 = 0x30 };

enum class command : std::uint32_t {
    connect = 0x1,
    terminate = 0x2,
    submit = 0x4,
    deliver = 0x5,
    query = 0x6,
    cancel = 0x7,
    active_test = 0x8,
    connect_resp = 0x80000001,
    terminate_resp = 0x80000002,
    submit_resp = 0x80000004,
    deliver_resp = 0x80000005,
    query_resp = 0x80000006,
    cancel_resp = 0x80000007,
    active_test_resp = 0x80000008,
};

constexpr bool is_response(command id) noexcept {
    return (static_cast<std::uint32_t>(id) & response_bit) != 0;
}
constexpr command response_to(command id) noexcept {
    return static_cast<command>(static_cast<std::uint32_t>(id) | response_bit);
}
/// `SUBMIT`, or empty for an id that is not ours: routes between gateways, for one.
std::string_view name(command id) noexcept;

struct header {
    std::uint32_t length = header_size;
    command id = command::active_test;
    std::uint32_t sequence = 0; // any value may come from a peer
};

using body = std::variant<no_body, connect, connect_resp, submit, message_resp, deliver, query,
                          query_resp, cancel, cancel_resp>;

struct pdu {
    header head;
    cmpp::body body;
};

/// Reads the header of `octets` (at least 12).
header read_header(std::string_view octets) noexcept;

/// Reads one whole packet into `out` (whose former content is lost); the views in it point into
/// `octets`. Answers are read by their length in either dialect. On failure: what is wrong, for
/// the log; `out.head` tells of what. The next packet can be read all the same.
[[nodiscard]] std::optional<std::string_view> decode(std::string_view octets, dialect as, pdu& out);

/// Appends the packet in wire form; head.length is not looked at. head.id must fit the body.
void encode(std::string& out, dialect as, const pdu& p);

/// A packet that has no body.
void encode_header(std::string& out, command id, std::uint32_t sequence);

/// As encode(), for the busy ones, without building a pdu.
void encode_submit(std::string& out, dialect as, std::uint32_t sequence, const submit& b);
void encode_message_resp(std::string& out, dialect as, command id, std::uint32_t sequence,
                         const message_resp& b);

/// The first field of what we are about to send that is wider than its place, or a number of
/// recipients out of range; empty when all is well.
std::string_view oversized_field(dialect as, const submit& b) noexcept;

} // namespace posthorn::cmpp

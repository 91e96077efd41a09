// SMGP 3.0 packets, decoded and encoded without I/O and without copying.
//
//     PacketLength u32 | RequestID u32 | SequenceID u32 | body
//
// PacketLength counts the whole packet. Bit 31 of RequestID marks an answer, which repeats its
// request's SequenceID; each side has its own numbers.
#pragma once

#include "sdk/link/framer.hpp"
#include "smgp/codec/body.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace posthorn::smgp {

constexpr std::size_t header_size = 12;
constexpr std::size_t longest_packet = 4096; // one with 100 numbers and all TLVs has less
constexpr std::uint32_t response_bit = 0x80000000;

/// How their stream is cut into them.
constexpr sdk::framer::shape frame{.protocol = "SMGP",
                                   .length_field = "PacketLength",
                                   .least = header_size,
                                   .most = longest_packet};

enum class command : std::uint32_t {
    login = 0x1,
    submit = 0x2,
    deliver = 0x3,
    active_test = 0x4,
    exit = 0x6,
    query = 0x7,
    login_resp = 0x80000001,
    submit_resp = 0x80000002,
    deliver_resp = 0x80000003,
    active_test_resp = 0x80000004,
    exit_resp = 0x80000006,
    query_resp = 0x80000007,
};

constexpr bool is_response(command id) noexcept {
    return (static_cast<std::uint32_t>(id) & response_bit) != 0;
}
constexpr command response_to(command id) noexcept {
    return static_cast<command>(static_cast<std::uint32_t>(id) | response_bit);
}
/// `Submit`, or empty for an id that is not ours: between gateways, for one.
std::string_view name(command id) noexcept;

struct header {
    std::uint32_t length = header_size;
    command id = command::active_test;
    std::uint32_t sequence = 0; // any value
};

using body =
    std::variant<no_body, login, login_resp, submit, message_resp, deliver, query, query_resp>;

struct pdu {
    header head;
    smgp::body body;
};

/// Reads the header of `octets` (at least 12).
header read_header(std::string_view octets) noexcept;

/// Reads one whole packet into `out` (whose former content is lost); the views in it point into
/// `octets`. On failure: what is wrong, for the log; `out.head` tells of what. The next packet can be
/// read all the same.
[[nodiscard]] std::optional<std::string_view> decode(std::string_view octets, pdu& out);

/// Appends the packet in wire form; head.length is not looked at. head.id must fit the body.
void encode(std::string& out, const pdu& p);

/// A packet that has no body.
void encode_header(std::string& out, command id, std::uint32_t sequence);

/// As encode(), for the busy ones, without building a pdu.
void encode_submit(std::string& out, std::uint32_t sequence, const submit& b);
void encode_message_resp(std::string& out, command id, std::uint32_t sequence,
                         const message_resp& b);

/// The first field of what we are about to send that is wider than its place, or a number of
/// recipients out of range; empty when all is well.
std::string_view oversized_field(const submit& b) noexcept;

} // namespace posthorn::smgp

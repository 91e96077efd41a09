// SGIP 1.2 packets, decoded and encoded without I/O and without copying.
//
//     Message_Length u32 | Command_ID u32 | Sequence_Number 12 | body
//
// Message_Length counts the whole packet. Bit 31 of Command_ID marks an answer, which repeats its
// request's Sequence_Number.
#pragma once

#include "sdk/link/framer.hpp"
#include "sgip/codec/body.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace posthorn::sgip {

constexpr std::size_t header_size = 20;
// The specification says 2 KiB, and describes a SUBMIT of 2,403 octets.
constexpr std::size_t longest_packet = 4096;
constexpr std::uint32_t response_bit = 0x80000000;

/// How their stream is cut into them.
constexpr sdk::framer::shape frame{.protocol = "SGIP",
                                   .length_field = "Message_Length",
                                   .least = header_size,
                                   .most = longest_packet};

enum class command : std::uint32_t {
    bind = 0x1,
    unbind = 0x2,
    submit = 0x3,
    deliver = 0x4,
    report = 0x5,
    user_report = 0x11,
    trace = 0x1000,
    bind_resp = 0x80000001,
    unbind_resp = 0x80000002,
    submit_resp = 0x80000003,
    deliver_resp = 0x80000004,
    report_resp = 0x80000005,
    user_report_resp = 0x80000011,
    trace_resp = 0x80001000,
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
    command id = command::unbind;
    sgip::sequence sequence;
};

using body =
    std::variant<no_body, bind, answer, submit, deliver, report, user_report, trace, trace_resp>;

struct pdu {
    header head;
    sgip::body body;
};

/// Reads the header of `octets` (at least 20).
header read_header(std::string_view octets) noexcept;

/// Reads one whole packet into `out` (whose former content is lost); the views in it point into
/// `octets`. On failure: what is wrong, for the log; `out.head` tells of what. The next packet can
/// be read all the same.
[[nodiscard]] std::optional<std::string_view> decode(std::string_view octets, pdu& out);

/// Appends the packet in wire form; head.length is not looked at. head.id must fit the body.
void encode(std::string& out, const pdu& p);

/// The same for the busy ones, without building a pdu.
void encode_submit(std::string& out, const sequence& number, const submit& b);
void encode_answer(std::string& out, command id, const sequence& number, std::uint8_t result);

/// The first field of what we are about to send that is wider than its place, or a number of
/// recipients out of range; empty when all is well.
std::string_view oversized_field(const submit& b) noexcept;

} // namespace posthorn::sgip

// SMPP 3.4/5.0 protocol data units, decoded and encoded without I/O and without copying.
//
//     command_length u32 | command_id u32 | command_status u32 | sequence_number u32 | body | TLVs
//
// command_length counts the whole PDU. Bit 31 of command_id marks a response, which repeats its
// request's sequence number; each direction has its own numbers.
#pragma once

#include "smpp/codec/body.hpp"
#include "smpp/codec/status.hpp"
#include "smpp/codec/tlv.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace posthorn::smpp {

constexpr std::size_t header_size = 16;
constexpr std::uint32_t response_bit = 0x80000000;
constexpr std::uint32_t last_sequence = 0x7FFFFFFF; // then again from 1

enum class command : std::uint32_t {
    bind_receiver = 0x001,
    bind_transmitter = 0x002,
    query_sm = 0x003,
    submit_sm = 0x004,
    deliver_sm = 0x005,
    unbind = 0x006,
    replace_sm = 0x007,
    cancel_sm = 0x008,
    bind_transceiver = 0x009,
    outbind = 0x00B,
    enquire_link = 0x015,
    submit_multi = 0x021,
    alert_notification = 0x102,
    data_sm = 0x103,
    generic_nack = 0x80000000,
    bind_receiver_resp = 0x80000001,
    bind_transmitter_resp = 0x80000002,
    query_sm_resp = 0x80000003,
    submit_sm_resp = 0x80000004,
    deliver_sm_resp = 0x80000005,
    unbind_resp = 0x80000006,
    replace_sm_resp = 0x80000007,
    cancel_sm_resp = 0x80000008,
    bind_transceiver_resp = 0x80000009,
    enquire_link_resp = 0x80000015,
    submit_multi_resp = 0x80000021,
    data_sm_resp = 0x80000103,
};

constexpr bool is_response(command id) noexcept {
    return (static_cast<std::uint32_t>(id) & response_bit) != 0;
}
constexpr command response_to(command id) noexcept {
    return static_cast<command>(static_cast<std::uint32_t>(id) | response_bit);
}
/// `submit_sm`, or empty for an id we do not know.
std::string_view name(command id) noexcept;

struct header {
    std::uint32_t length = header_size;
    command id = command::generic_nack;
    smpp::status status = smpp::status::ok;
    std::uint32_t sequence = 0; // any 32-bit value may come from a peer
};

using body = std::variant<no_body, bind, bind_resp, outbind, sm, message_resp, submit_multi,
                          submit_multi_resp, data_sm, query_sm, query_sm_resp, cancel_sm,
                          replace_sm, alert_notification>;

struct pdu {
    header head;
    smpp::body body;
    unsigned oddities = 0; // stray octets and TLVs of wrong length that were ignored: count, log
};

/// What to do with a PDU that cannot be read. The framing is intact: the next PDU can be read.
struct decode_error {
    enum reaction : std::uint8_t {
        drop,            ///< a response: log it, fail the pending request; never answer a response
        answer,          ///< append_answer(), stay connected
        answer_and_close ///< append_answer(), then close
    };
    header head;
    smpp::status status = smpp::status::ok; // for the answer
    reaction react = drop;
    std::string_view what; // static text for the log
};

/// Reads the header of `octets` (at least 16).
header read_header(std::string_view octets) noexcept;

/// Reads one whole PDU, as the framer yields it, into `out` (whose former content is lost). The
/// views in `out` point into `octets`. Nothing is returned on success.
[[nodiscard]] std::optional<decode_error> decode(std::string_view octets, pdu& out);

/// Appends the response (or generic_nack) a decode_error asks for; nothing for `drop`.
void append_answer(std::string& out, const decode_error& error);

/// Appends the PDU in wire form; head.length is not looked at. head.id must fit the body.
void encode(std::string& out, const pdu& p);

/// The same for the busy ones, without building a pdu. short_message is at most 255 octets.
void encode_sm(std::string& out, command id, std::uint32_t sequence, const sm& body);
void encode_message_resp(std::string& out, command id, status code, std::uint32_t sequence,
                         std::string_view message_id, tlv_block tlvs = {});
void encode_header(std::string& out, command id, status code, std::uint32_t sequence);

/// The first field of what we are about to send that is longer than the specification allows
/// (we accept longer from a peer); empty when all is well.
std::string_view oversized_field(const sm& body) noexcept;
std::string_view oversized_field(const bind& body) noexcept;

} // namespace posthorn::smpp

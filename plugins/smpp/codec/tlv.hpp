// The optional parameters of SMPP 3.4/5.0 that follow the last mandatory field of a PDU:
//
//     tag u16 | length u16 (of the value) | value        repeated, in any order, big endian
//
// A block is kept as the octets that came; nothing is copied until somebody asks for a value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace posthorn::smpp {

namespace tag {
constexpr std::uint16_t additional_status_info_text = 0x001D;
constexpr std::uint16_t receipted_message_id = 0x001E;
constexpr std::uint16_t user_message_reference = 0x0204;
constexpr std::uint16_t source_port = 0x020A;
constexpr std::uint16_t destination_port = 0x020B;
constexpr std::uint16_t sar_msg_ref_num = 0x020C;
constexpr std::uint16_t sar_total_segments = 0x020E;
constexpr std::uint16_t sar_segment_seqnum = 0x020F;
constexpr std::uint16_t sc_interface_version = 0x0210;
constexpr std::uint16_t ms_availability_status = 0x0422;
constexpr std::uint16_t network_error_code = 0x0423;
constexpr std::uint16_t message_payload = 0x0424;
constexpr std::uint16_t delivery_failure_reason = 0x0425;
constexpr std::uint16_t more_messages_to_send = 0x0426;
constexpr std::uint16_t message_state = 0x0427;
constexpr std::uint16_t congestion_state = 0x0428;
} // namespace tag

struct tlv {
    std::uint16_t tag = 0;
    std::string_view value;
};

/// The specification's name and allowed value length of a tag, or null for one it does not know.
struct tlv_kind {
    std::uint16_t tag;
    std::uint16_t min_length, max_length; // octets of the value
    std::string_view name;
};
const tlv_kind* find_tlv_kind(std::uint16_t tag) noexcept;

/// A well-formed run of TLVs (made by decode() or append_tlv()). Does not own its octets.
struct tlv_block {
    std::string_view octets;

    bool empty() const noexcept { return octets.empty(); }

    /// Takes the first TLV off `rest`; nothing when `rest` holds no whole one.
    static std::optional<tlv> take(std::string_view& rest) noexcept;

    /// The value of the first TLV with this tag. Repeats are ignored.
    std::optional<std::string_view> find(std::uint16_t wanted) const noexcept;
    /// The same as an integer; nothing when the length is not exactly 1 or 2 octets.
    std::optional<std::uint8_t> find_u8(std::uint16_t wanted) const noexcept;
    std::optional<std::uint16_t> find_u16(std::uint16_t wanted) const noexcept;
    /// The same as text: cut at the first NUL, spaces at the end trimmed (peers omit or pad).
    std::optional<std::string_view> find_text(std::uint16_t wanted) const noexcept;
};

/// How many leading octets are whole TLVs.
std::size_t whole_tlvs(std::string_view octets) noexcept;
/// How many TLVs have a known tag and a length the specification does not allow.
unsigned odd_tlvs(tlv_block block) noexcept;

/// Append one TLV in wire form. `value` is at most 65535 octets.
void append_tlv(std::string& out, std::uint16_t tag, std::string_view value);
void append_tlv_u8(std::string& out, std::uint16_t tag, std::uint8_t value);
void append_tlv_u16(std::string& out, std::uint16_t tag, std::uint16_t value);
/// With the NUL at the end.
void append_tlv_text(std::string& out, std::uint16_t tag, std::string_view value);

} // namespace posthorn::smpp

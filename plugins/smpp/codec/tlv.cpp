#include "smpp/codec/tlv.hpp"

#include "smpp/codec/octets.hpp"

#include <algorithm>
#include <iterator>

namespace posthorn::smpp {

namespace {

// SMPP 3.4 section 5.3.2 and 5.0 section 4.8.4, in the order of the tags.
constexpr tlv_kind kinds[] = {
    {0x0005, 1, 1, "dest_addr_subunit"},
    {0x0006, 1, 1, "dest_network_type"},
    {0x0007, 1, 1, "dest_bearer_type"},
    {0x0008, 2, 2, "dest_telematics_id"},
    {0x000D, 1, 1, "source_addr_subunit"},
    {0x000E, 1, 1, "source_network_type"},
    {0x000F, 1, 1, "source_bearer_type"},
    {0x0010, 1, 1, "source_telematics_id"},
    {0x0017, 4, 4, "qos_time_to_live"},
    {0x0019, 1, 1, "payload_type"},
    {0x001D, 1, 256, "additional_status_info_text"},
    {0x001E, 1, 65, "receipted_message_id"},
    {0x0030, 1, 1, "ms_msg_wait_facilities"},
    {0x0201, 1, 1, "privacy_indicator"},
    {0x0202, 2, 23, "source_subaddress"},
    {0x0203, 2, 23, "dest_subaddress"},
    {0x0204, 2, 2, "user_message_reference"},
    {0x0205, 1, 1, "user_response_code"},
    {0x020A, 2, 2, "source_port"},
    {0x020B, 2, 2, "destination_port"},
    {0x020C, 2, 2, "sar_msg_ref_num"},
    {0x020D, 1, 1, "language_indicator"},
    {0x020E, 1, 1, "sar_total_segments"},
    {0x020F, 1, 1, "sar_segment_seqnum"},
    {0x0210, 1, 1, "sc_interface_version"},
    {0x0302, 1, 1, "callback_num_pres_ind"},
    {0x0303, 0, 65, "callback_num_atag"},
    {0x0304, 1, 1, "number_of_messages"},
    {0x0381, 4, 19, "callback_num"},
    {0x0420, 1, 1, "dpf_result"},
    {0x0421, 1, 1, "set_dpf"},
    {0x0422, 1, 1, "ms_availability_status"},
    {0x0423, 3, 3, "network_error_code"},
    {0x0424, 0, 65535, "message_payload"},
    {0x0425, 1, 1, "delivery_failure_reason"},
    {0x0426, 1, 1, "more_messages_to_send"},
    {0x0427, 1, 1, "message_state"},
    {0x0428, 1, 1, "congestion_state"},
    {0x0501, 1, 1, "ussd_service_op"},
    {0x0600, 0, 65535, "broadcast_channel_indicator"},
    {0x0601, 0, 65535, "broadcast_content_type"},
    {0x0602, 0, 65535, "broadcast_content_type_info"},
    {0x0603, 0, 65535, "broadcast_message_class"},
    {0x0604, 0, 65535, "broadcast_rep_num"},
    {0x0605, 0, 65535, "broadcast_frequency_interval"},
    {0x0606, 0, 65535, "broadcast_area_identifier"},
    {0x0607, 0, 65535, "broadcast_error_status"},
    {0x0608, 0, 65535, "broadcast_area_success"},
    {0x0609, 0, 65535, "broadcast_end_time"},
    {0x060A, 0, 65535, "broadcast_service_group"},
    {0x060B, 1, 1024, "billing_identification"},
    {0x060D, 7, 65, "source_network_id"},
    {0x060E, 7, 65, "dest_network_id"},
    {0x060F, 6, 6, "source_node_id"},
    {0x0610, 6, 6, "dest_node_id"},
    {0x0611, 1, 1, "dest_addr_np_resolution"},
    {0x0612, 10, 10, "dest_addr_np_information"},
    {0x0613, 1, 5, "dest_addr_np_country"},
    {0x1201, 1, 1, "display_time"},
    {0x1203, 2, 2, "sms_signal"},
    {0x1204, 1, 4, "ms_validity"},
    {0x130C, 0, 1, "alert_on_message_delivery"},
    {0x1380, 1, 1, "its_reply_type"},
    {0x1383, 2, 2, "its_session_info"},
};

} // namespace

const tlv_kind* find_tlv_kind(std::uint16_t wanted) noexcept {
    const auto* found = std::lower_bound(
        std::begin(kinds), std::end(kinds), wanted,
        [](const tlv_kind& kind, std::uint16_t value) { return kind.tag < value; });
    return found != std::end(kinds) && found->tag == wanted ? found : nullptr;
}

std::optional<tlv> tlv_block::take(std::string_view& rest) noexcept {
    if (rest.size() < 4)
        return std::nullopt;
    const std::size_t length = u16_at(rest, 2);
    if (rest.size() - 4 < length)
        return std::nullopt;
    const tlv taken{u16_at(rest, 0), rest.substr(4, length)};
    rest.remove_prefix(4 + length);
    return taken;
}

std::optional<std::string_view> tlv_block::find(std::uint16_t wanted) const noexcept {
    auto rest = octets;
    while (const auto next = take(rest))
        if (next->tag == wanted)
            return next->value;
    return std::nullopt;
}

std::optional<std::uint8_t> tlv_block::find_u8(std::uint16_t wanted) const noexcept {
    const auto value = find(wanted);
    if (!value || value->size() != 1)
        return std::nullopt;
    return octet_at(*value, 0);
}

std::optional<std::uint16_t> tlv_block::find_u16(std::uint16_t wanted) const noexcept {
    const auto value = find(wanted);
    if (!value || value->size() != 2)
        return std::nullopt;
    return u16_at(*value, 0);
}

std::optional<std::string_view> tlv_block::find_text(std::uint16_t wanted) const noexcept {
    auto value = find(wanted);
    if (!value)
        return std::nullopt;
    auto text = value->substr(0, value->find('\0'));
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

std::size_t whole_tlvs(std::string_view octets) noexcept {
    auto rest = octets;
    while (tlv_block::take(rest)) {
    }
    return octets.size() - rest.size();
}

unsigned odd_tlvs(tlv_block block) noexcept {
    unsigned odd = 0;
    auto rest = block.octets;
    while (const auto next = tlv_block::take(rest)) {
        const auto* kind = find_tlv_kind(next->tag);
        const auto length = next->value.size();
        if (kind && (length < kind->min_length || length > kind->max_length))
            ++odd;
    }
    return odd;
}

void append_tlv(std::string& out, std::uint16_t wanted, std::string_view value) {
    append_u16(out, wanted);
    append_u16(out, static_cast<std::uint16_t>(value.size()));
    out.append(value);
}

void append_tlv_u8(std::string& out, std::uint16_t wanted, std::uint8_t value) {
    append_u16(out, wanted);
    append_u16(out, 1);
    append_u8(out, value);
}

void append_tlv_u16(std::string& out, std::uint16_t wanted, std::uint16_t value) {
    append_u16(out, wanted);
    append_u16(out, 2);
    append_u16(out, value);
}

void append_tlv_text(std::string& out, std::uint16_t wanted, std::string_view value) {
    append_u16(out, wanted);
    append_u16(out, static_cast<std::uint16_t>(value.size() + 1));
    append_cstring(out, value);
}

} // namespace posthorn::smpp

// The bodies of the PDUs, field by field in wire order (SMPP 3.4 section 4).
//
// Strings are views: into the octets given to decode(), or of whatever the encoder's caller holds.
// Field names are the specification's.
#pragma once

#include "smpp/codec/status.hpp"
#include "smpp/codec/tlv.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace posthorn::smpp {

/// unbind, enquire_link, generic_nack, cancel/replace responses; also any response whose sender
/// left the body out, as is usual with an error status.
struct no_body {};

/// bind_receiver, bind_transmitter, bind_transceiver.
struct bind {
    std::string_view system_id, password, system_type;
    std::uint8_t interface_version = 0x34; // 0x33 and below: no TLVs; 0x50: SMPP 5.0
    std::uint8_t addr_ton = 0, addr_npi = 0;
    std::string_view address_range;
};

struct bind_resp {
    std::string_view system_id;
    tlv_block tlvs; // without sc_interface_version the peer speaks 3.3: send it no TLVs
};

struct outbind {
    std::string_view system_id, password;
};

struct address {
    std::uint8_t ton = 0, npi = 0;
    std::string_view digits; // or letters: ton 5
};

/// In esm_class: the text begins with a user data header.
inline constexpr std::uint8_t udh_indicator = 0x40;

/// What a text carries beside its addresses, in submit_sm, deliver_sm and submit_multi alike.
struct sm_settings {
    std::uint8_t esm_class = 0, protocol_id = 0, priority_flag = 0;
    std::string_view schedule_delivery_time, validity_period; // empty, or 16 characters (time.hpp)
    std::uint8_t registered_delivery = 0, replace_if_present_flag = 0, data_coding = 0;
    std::uint8_t sm_default_msg_id = 0;
    std::string_view short_message; // at most 254 octets (255 in 5.0)
    tlv_block tlvs;

    /// The octets of the text with its user data header: short_message, else message_payload.
    std::string_view text() const noexcept {
        return short_message.empty() ? tlvs.find(tag::message_payload).value_or("") : short_message;
    }
};

/// submit_sm and deliver_sm.
struct sm : sm_settings {
    std::string_view service_type;
    address source, destination;
};

/// submit_sm_resp, deliver_sm_resp, data_sm_resp.
struct message_resp {
    std::string_view message_id;
    tlv_block tlvs;
};

/// number_of_dests ends at 254 (3.4, 4.5.1); no_unsuccess of the answer is what its octet holds.
inline constexpr std::size_t most_targets = 254, most_failures = 255;

struct submit_multi : sm_settings {
    struct target {
        address to;                 // when list_name is empty
        std::string_view list_name; // a distribution list
    };
    std::string_view service_type;
    address source;
    std::vector<target> targets; // 1 to most_targets
};

struct submit_multi_resp {
    struct failure {
        address to;
        status error = status::ok;
    };
    std::string_view message_id;
    std::vector<failure> failures; // at most most_failures
    tlv_block tlvs;
};

/// Text in the TLV message_payload.
struct data_sm {
    std::string_view service_type;
    address source, destination;
    std::uint8_t esm_class = 0, registered_delivery = 0, data_coding = 0;
    tlv_block tlvs;

    std::string_view text() const noexcept { return tlvs.find(tag::message_payload).value_or(""); }
};

struct query_sm {
    std::string_view message_id;
    address source; // must equal the original's
};

struct query_sm_resp {
    std::string_view message_id, final_date;
    std::uint8_t message_state = 0, error_code = 0;
    tlv_block tlvs;
};

struct cancel_sm {
    std::string_view service_type, message_id;
    address source, destination;
};

struct replace_sm {
    std::string_view message_id;
    address source;
    std::string_view schedule_delivery_time, validity_period;
    std::uint8_t registered_delivery = 0, sm_default_msg_id = 0;
    std::string_view short_message;
    tlv_block tlvs;
};

struct alert_notification {
    address source, esme;
    tlv_block tlvs;
};

} // namespace posthorn::smpp

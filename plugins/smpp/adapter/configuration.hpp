// The options of an SMPP account: the table people see, and the values the code uses.
#pragma once

#include "sdk/link/protocol.hpp"
#include "smpp/codec/message_id.hpp"
#include "smpp/codec/status.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace posthorn::smpp {

extern const std::span<const sdk::option> option_table;

enum class encryption : std::uint8_t { by_address, on, off };
enum class validity_style : std::uint8_t { relative, absolute, none };

struct configuration : sdk::link_settings {
    explicit configuration(const sdk::options& from);

    std::string system_id, password, system_type, address_range, service_type;
    std::uint8_t interface_version = 0x34;
    std::string sender;                                 // for units without one of their own
    std::optional<std::uint8_t> source_ton, source_npi; // nothing: by the sender's shape
    bool pair = false; // each link is two: a transmitter and a receiver
    encryption tls = encryption::by_address;
    std::string tls_ca, tls_name, tls_cert, tls_key; // PEM; the name to verify
    std::string outbind_address, outbind_system_id, outbind_password;
    std::uint16_t outbind_port = 0; // 0: nobody dials us
    bool learn_ids = true;          // both bases are `auto`
    id_base submit_id = id_base::raw, receipt_id = id_base::raw;
    bool receipts = true, receipt_by_text = false;
    bool one_receipt = false; // for all parts of a text
    bool reference = true;    // user_message_reference with each part
    bool sar = false;         // number parts by TLVs, not by a UDH
    bool in_payload = false;  // the text in message_payload
    std::size_t longest_payload = 0;
    sdk::alphabet default_alphabet = sdk::alphabet::gsm7; // what data_coding stands for
    std::uint8_t data_coding = 0;                         // of texts in it
    std::string tlvs;                                     // with every part, in wire form
    std::map<status, status_class> status_classes;
    std::array<std::uint8_t, 3> priority_flag{}; // by sdk::priority
    validity_style validity = validity_style::relative;
    std::chrono::microseconds longest_validity{}; // 0: no limit
};

} // namespace posthorn::smpp

// The bodies of CMPP 2.0 and 3.0, field by field in wire order. Where a field is of one version only,
// the other leaves it as it is.
//
// Texts are views: into the octets given to decode(), or of whatever the encoder's caller holds.
// Field names are the specification's.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace posthorn::cmpp {

/// Of a message, given by the gateway: opaque, and all 64 bits count.
using msg_id = std::uint64_t;

/// TERMINATE, ACTIVE_TEST and their answers.
struct no_body {};

struct connect {
    std::string_view source_addr;   // 6: the SP's id
    std::string_view authenticator; // 16 octets: login.hpp
    std::uint8_t version = 0x30;    // high nibble major, low minor
    std::uint32_t timestamp = 0;    // MMDDhhmmss as a decimal number
};

struct connect_resp {
    std::uint32_t status = 0;
    std::string_view authenticator; // 16 octets
    std::uint8_t version = 0x30;    // the highest that the gateway knows
};

struct submit {
    cmpp::msg_id msg_id = 0; // 0 from the SP
    std::uint8_t pk_total = 1, pk_number = 1;
    std::uint8_t registered_delivery = 1; // 1: a report is wanted
    std::uint8_t msg_level = 0;           // 0 to 9
    std::string_view service_id;          // 10
    std::uint8_t fee_user_type = 0;       // 0: who receives pays, 2: the SP, 3: fee_terminal_id
    std::string_view fee_terminal_id;     // 21; 3.0: 32
    std::uint8_t fee_terminal_type = 0;   // 3.0
    std::uint8_t tp_pid = 0;
    std::uint8_t tp_udhi = 0;                // 1: the content begins with a user data header
    std::uint8_t msg_fmt = 0;                // 0 ASCII, 4 binary, 8 UCS-2, 15 GBK
    std::string_view msg_src;                // 6: the SP's id
    std::string_view fee_type;               // 2: "01" free, "02" by message, "03" by month
    std::string_view fee_code;               // 6: fen, as decimal text
    std::string_view valid_time, at_time;    // 17: empty, or 16 characters as in SMPP
    std::string_view src_id;                 // 21: what the phone shows
    std::vector<std::string_view> terminals; // 21 each; 3.0: 32; 1 to 99
    std::uint8_t dest_terminal_type = 0;     // 3.0: one octet for all of them
    std::string_view content;                // at most 160 octets as ASCII, else 140
    std::string_view link_id;                // 8 reserved; 3.0: 20
};

/// SUBMIT_RESP, DELIVER_RESP.
struct message_resp {
    cmpp::msg_id msg_id = 0;
    std::uint32_t result = 0;
};

struct deliver {
    cmpp::msg_id msg_id = 0;
    std::string_view dest_id;    // 21
    std::string_view service_id; // 10
    std::uint8_t tp_pid = 0;
    std::uint8_t tp_udhi = 0; // has_header()
    std::uint8_t msg_fmt = 0;
    std::string_view src_terminal_id; // 21; 3.0: 32
    std::uint8_t src_terminal_type = 0;
    std::uint8_t registered_delivery = 0; // 1: the content is a report (report.hpp)
    std::string_view content;
    std::string_view link_id; // 0, 8 or 20: senders disagree

    /// 1 by the specification; some gateways copy the bit of the air interface, 0x40.
    bool has_header() const noexcept { return (tp_udhi & 0x41) != 0; }
};

struct query {
    std::string_view time;       // 8: YYYYMMDD
    std::uint8_t query_type = 0; // 0: all, 1: of one service
    std::string_view query_code; // 10
    std::string_view reserve;    // 8
};

struct query_resp {
    std::string_view time;
    std::uint8_t query_type = 0;
    std::string_view query_code;
    std::uint32_t mt_tlmsg = 0, mt_tlusr = 0, mt_scs = 0, mt_wt = 0, mt_fl = 0;
    std::uint32_t mo_scs = 0, mo_wt = 0, mo_fl = 0;
};

struct cancel {
    cmpp::msg_id msg_id = 0;
};

struct cancel_resp {
    std::uint32_t success_id = 0; // 0: done, 1: not
};

} // namespace posthorn::cmpp

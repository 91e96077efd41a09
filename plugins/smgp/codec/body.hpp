// The bodies of SMGP 3.0, field by field in wire order.
//
// Texts are views: into the octets given to decode(), or of whatever the encoder's caller holds.
// Field names are the specification's.
#pragma once

#include "smgp/codec/tlv.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace posthorn::smgp {

/// Active_Test, Exit and their answers.
struct no_body {};

enum class login_mode : std::uint8_t { send = 0, receive = 1, both = 2 };

constexpr std::uint8_t version_30 = 0x30;

struct login {
    std::string_view client_id;     // 8
    std::string_view authenticator; // 16 octets: login.hpp
    smgp::login_mode login_mode = login_mode::both;
    std::uint32_t timestamp = 0; // MMDDhhmmss as a decimal number
    std::uint8_t client_version = version_30;
};

struct login_resp {
    std::uint32_t status = 0;
    std::string_view authenticator; // 16 octets; some gateways leave it out when they refuse
    std::uint8_t server_version = version_30;
};

struct submit {
    std::uint8_t msg_type = 6;    // 6: to a phone
    std::uint8_t need_report = 1; // 1: a report is wanted
    std::uint8_t priority = 1;    // 0 to 3
    std::string_view service_id;  // 10
    std::string_view fee_type;    // 2: "00" free, "01" by message, "02" by month, "03" capped
    std::string_view fee_code;    // 6: fen, as decimal text
    std::string_view fixed_fee;   // 6: likewise; version 1.3 has none and is not read
    std::uint8_t msg_format = 0;  // 0 ASCII, 4 binary, 8 UCS-2, 15 GB18030
    std::string_view valid_time, at_time;    // 17: empty, or 16 characters as in SMPP
    std::string_view src_term_id;            // 21: what the phone shows
    std::string_view charge_term_id;         // 21: who pays; empty: who receives
    std::vector<std::string_view> terminals; // 21 each; 1 to 100
    std::string_view content;                // at most 160 octets as ASCII, else 140
    std::string_view reserve;                // 8
    std::string_view tlvs;                   // tlv.hpp
};

/// Submit_Resp, Deliver_Resp.
struct message_resp {
    std::string_view msg_id; // 10 octets, not text: msg_id.hpp
    std::uint32_t status = 0;
};

struct deliver {
    std::string_view msg_id;      // 10 octets
    std::uint8_t is_report = 0;   // 1: the content is a report (report.hpp)
    std::uint8_t msg_format = 0;  // as of a submit
    std::string_view recv_time;   // 14: YYYYMMDDhhmmss
    std::string_view src_term_id; // 21
    std::string_view dest_term_id;
    std::string_view content;
    std::string_view reserve;
    std::string_view tlvs;

    /// 1 by the specification; some gateways copy the bit of the air interface, 0x40.
    bool has_header() const noexcept { return (octet_of(tlvs, tag::tp_udhi) & 0x41) != 0; }
};

struct query {
    std::string_view query_time; // 8: YYYYMMDD
    std::uint8_t query_type = 0; // 0: all, 1: of one service
    std::string_view query_code; // 10
};

struct query_resp {
    std::string_view query_time;
    std::uint8_t query_type = 0;
    std::string_view query_code;
    std::uint32_t mt_tlmsg = 0, mt_tlusr = 0, mt_scs = 0, mt_wt = 0, mt_fl = 0;
    std::uint32_t mo_scs = 0, mo_wt = 0, mo_fl = 0;
    std::string_view reserve; // 8
};

} // namespace posthorn::smgp

// The bodies of SGIP 1.2, field by field in wire order. Each ends with eight octets in reserve, which
// some gateways use for a link id, and others leave out.
//
// Texts are views: into the octets given to decode(), or of whatever the encoder's caller holds.
// Field names are the specification's. Phone numbers have 86 before them.
#pragma once

#include "sgip/codec/sequence.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace posthorn::sgip {

/// UNBIND and its answer.
struct no_body {};

enum class login_type : std::uint8_t { from_sp = 1, from_smg = 2, test = 11 };

struct bind {
    sgip::login_type login_type = sgip::login_type::from_sp;
    std::string_view login_name;     // 16
    std::string_view login_password; // 16, in the clear
    std::string_view reserve;
};

/// The answer to everything but UNBIND and TRACE.
struct answer {
    std::uint8_t result = 0; // results.hpp
    std::string_view reserve;
};

struct submit {
    std::string_view sp_number;            // 21: what the phone shows
    std::string_view charge_number;        // 21: who pays: own_charge, or a phone
    std::vector<std::string_view> users;   // 21 each; 1 to 100
    std::string_view corp_id;              // 5
    std::string_view service_type;         // 10
    std::uint8_t fee_type = 0;             // 0 to 4
    std::string_view fee_value;            // 6: fen, as decimal text
    std::string_view given_value;          // 6
    std::uint8_t agent_flag = 0;           // 0: owed, 1: paid
    std::uint8_t more_late_to_mt_flag = 2; // 0 the first answer to a text, 1 a later one, 2 neither
    std::uint8_t priority = 0;             // 0 to 9
    std::string_view expire_time;          // 16: sdk/china_time.hpp
    std::string_view schedule_time;        // 16
    std::uint8_t report_flag = 1;          // 0 of failures only, 1 always, 2 never
    std::uint8_t tp_pid = 0;
    std::uint8_t tp_udhi = 0;        // 1: the content begins with a user data header
    std::uint8_t message_coding = 0; // 0 ASCII, 4 binary, 8 UCS-2, 15 GBK
    std::uint8_t message_type = 0;
    std::string_view content; // at most 160 octets as ASCII, else 140
    std::string_view reserve;
};

/// The charge number of a text that its sender pays.
constexpr std::string_view own_charge = "000000000000000000000";

struct deliver {
    std::string_view user_number; // 21: the phone
    std::string_view sp_number;   // 21
    std::uint8_t tp_pid = 0;
    std::uint8_t tp_udhi = 0; // has_header()
    std::uint8_t message_coding = 0;
    std::string_view content;
    std::string_view reserve;

    /// 1 by the specification; some gateways copy the bit of the air interface, 0x40.
    bool has_header() const noexcept { return (tp_udhi & 0x41) != 0; }
};

struct report {
    sequence submit;              // of the SUBMIT
    std::uint8_t report_type = 0; // 0: on a SUBMIT, 1: on a DELIVER passed on
    std::string_view user_number; // 21: 86 may be missing
    std::uint8_t state = 0;       // state_of()
    std::uint8_t error_code = 0;  // when it failed: results.hpp
    std::string_view reserve;
};

struct user_report {
    std::string_view sp_number, user_number; // 21 each
    std::uint8_t user_condition = 0;         // 0 cancelled, 1 suspended, 2 restored
    std::string_view reserve;
};

struct trace {
    sequence submit;
    std::string_view user_number; // 21
    std::string_view reserve;
};

/// One node that the text passed.
struct trace_step {
    std::uint8_t result = 0;
    std::string_view node_id;                 // 6
    std::string_view receive_time, send_time; // 16
    std::string_view reserve;
};

struct trace_resp {
    std::vector<trace_step> steps;
};

enum class report_state : std::uint8_t { delivered = 0, on_its_way = 1, failed = 2 };

/// What the specification does not list says nothing final.
constexpr report_state state_of(const report& r) noexcept {
    return r.state == 0   ? report_state::delivered
           : r.state == 2 ? report_state::failed
                          : report_state::on_its_way;
}

} // namespace posthorn::sgip

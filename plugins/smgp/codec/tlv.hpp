// What may follow the last field of a Submit or a Deliver:
//
//     tag u16 | length u16 (of the value) | value        repeated, in any order
//
// They are kept as the octets that came. What is broken in them hides what follows it and nothing else.
#pragma once

#include "sdk/octets.hpp"

#include <optional>

namespace posthorn::smgp {

enum class tag : std::uint16_t {
    tp_pid = 0x0001,
    tp_udhi = 0x0002, // 1: the content begins with a user data header
    link_id = 0x0003,
    charge_user_type = 0x0004, // 0: who receives pays, 1: who sends, 2: the SP, 3: ChargeTermID
    charge_term_type = 0x0005,
    charge_term_pseudo = 0x0006,
    dest_term_type = 0x0007,
    dest_term_pseudo = 0x0008,
    pk_total = 0x0009,
    pk_number = 0x000A,
    submit_msg_type = 0x000B,
    sp_deal_result = 0x000C,
    src_term_type = 0x000D,
    src_term_pseudo = 0x000E,
    nodes_count = 0x000F,
    msg_src = 0x0010, // 8: the SP's id
    src_type = 0x0011,
    mservice_id = 0x0012,
};

/// The value of the first one with this tag.
inline std::optional<std::string_view> value_of(std::string_view tlvs, tag wanted) noexcept {
    sdk::octet_reader io(tlvs);
    while (io.left() > 0) {
        tag found{};
        std::string_view value;
        io.number(found);
        io.counted<std::uint16_t>(value);
        if (io.ok() && found == wanted)
            return value;
    }
    return std::nullopt;
}

/// The same where it is a number of one octet; 0 when there is none.
inline std::uint8_t octet_of(std::string_view tlvs, tag wanted) noexcept {
    const auto value = value_of(tlvs, wanted);
    return value && value->size() == 1 ? static_cast<std::uint8_t>(value->front()) : 0;
}

inline void append_tlv(std::string& out, tag which, std::string_view value) {
    sdk::octet_writer io(out);
    io.number(which);
    io.counted<std::uint16_t>(value);
}

inline void append_tlv(std::string& out, tag which, std::uint8_t value) {
    const auto octet = static_cast<char>(value);
    append_tlv(out, which, std::string_view(&octet, 1));
}

} // namespace posthorn::smgp

// The content of a DELIVER that is a status report:
//
//     Msg_Id u64 | Stat 7 | Submit_time 10 | Done_time 10 | Dest_terminal_Id 21 or 32 | SMSC_sequence u32
//
// 60 octets by 2.0, 71 by 3.0; gateways send either in both.
#pragma once

#include "cmpp/codec/pdu.hpp"
#include "sdk/report_state.hpp"

namespace posthorn::cmpp {

struct report {
    cmpp::msg_id msg_id = 0;                 // of the SUBMIT_RESP
    std::string_view stat;                   // 7: state_of()
    std::string_view submit_time, done_time; // 10: YYMMDDhhmm
    std::string_view dest_terminal_id;
    std::uint32_t smsc_sequence = 0;
};

using sdk::report_state;
using sdk::state_of;

/// Nothing when `content` is neither 60 nor 71 octets long.
std::optional<report> read_report(std::string_view content) noexcept;
void append_report(std::string& out, dialect as, const report& r);

} // namespace posthorn::cmpp

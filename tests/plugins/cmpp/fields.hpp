// A decoded packet laid out again as (field name, what a vector says of it), to compare with one.
#pragma once

#include "cmpp/codec/pdu.hpp"
#include "cmpp/codec/report.hpp"
#include "recorded.hpp"

#include <map>
#include <string>

namespace cmpp_test {

using fields = std::map<std::string, std::string>;

using posthorn::vectors::hex_of;

template <class Number>
std::string n(Number value) {
    return std::to_string(value);
}

inline fields list(const posthorn::cmpp::no_body&) { return {}; }
inline fields list(const posthorn::cmpp::connect& b) {
    return {{"Source_Addr", std::string(b.source_addr)},
            {"AuthenticatorSource", hex_of(b.authenticator)},
            {"Version", n(b.version)},
            {"Timestamp", n(b.timestamp)}};
}
inline fields list(const posthorn::cmpp::connect_resp& b) {
    return {{"Status", n(b.status)},
            {"AuthenticatorISMG", hex_of(b.authenticator)},
            {"Version", n(b.version)}};
}
inline fields list(const posthorn::cmpp::submit& b) {
    fields out{{"Msg_Id", n(b.msg_id)},
               {"Pk_total", n(b.pk_total)},
               {"Pk_number", n(b.pk_number)},
               {"Registered_Delivery", n(b.registered_delivery)},
               {"Msg_level", n(b.msg_level)},
               {"Service_Id", std::string(b.service_id)},
               {"Fee_UserType", n(b.fee_user_type)},
               {"Fee_terminal_Id", std::string(b.fee_terminal_id)},
               {"Fee_terminal_type", n(b.fee_terminal_type)},
               {"TP_pId", n(b.tp_pid)},
               {"TP_udhi", n(b.tp_udhi)},
               {"Msg_Fmt", n(b.msg_fmt)},
               {"Msg_src", std::string(b.msg_src)},
               {"FeeType", std::string(b.fee_type)},
               {"FeeCode", std::string(b.fee_code)},
               {"ValId_Time", std::string(b.valid_time)},
               {"At_Time", std::string(b.at_time)},
               {"Src_Id", std::string(b.src_id)},
               {"DestUsr_tl", n(b.terminals.size())},
               {"Dest_terminal_type", n(b.dest_terminal_type)},
               {"Msg_Length", n(b.content.size())},
               {"Msg_Content", hex_of(b.content)},
               {"Reserve", std::string(b.link_id)},
               {"LinkID", std::string(b.link_id)}};
    for (std::size_t i = 0; i < b.terminals.size(); ++i)
        out["Dest_terminal_Id[" + n(i) + "]"] = b.terminals[i];
    return out;
}
inline fields list(const posthorn::cmpp::message_resp& b) {
    return {{"Msg_Id", n(b.msg_id)}, {"Result", n(b.result)}};
}
inline fields list(const posthorn::cmpp::deliver& b) {
    return {{"Msg_Id", n(b.msg_id)},
            {"Dest_Id", std::string(b.dest_id)},
            {"Service_Id", std::string(b.service_id)},
            {"TP_pid", n(b.tp_pid)},
            {"TP_udhi", n(b.tp_udhi)},
            {"Msg_Fmt", n(b.msg_fmt)},
            {"Src_terminal_Id", std::string(b.src_terminal_id)},
            {"Src_terminal_type", n(b.src_terminal_type)},
            {"Registered_Delivery", n(b.registered_delivery)},
            {"Msg_Length", n(b.content.size())},
            {"Msg_Content", hex_of(b.content)},
            {"Reserved", std::string(b.link_id)},
            {"LinkID", std::string(b.link_id)}};
}
inline fields list(const posthorn::cmpp::query& b) {
    return {{"Time", std::string(b.time)},
            {"Query_Type", n(b.query_type)},
            {"Query_Code", std::string(b.query_code)},
            {"Reserve", std::string(b.reserve)}};
}
inline fields list(const posthorn::cmpp::query_resp& b) {
    return {{"Time", std::string(b.time)},
            {"Query_Type", n(b.query_type)},
            {"Query_Code", std::string(b.query_code)},
            {"MT_TLMsg", n(b.mt_tlmsg)},
            {"MT_Tlusr", n(b.mt_tlusr)},
            {"MT_Scs", n(b.mt_scs)},
            {"MT_WT", n(b.mt_wt)},
            {"MT_FL", n(b.mt_fl)},
            {"MO_Scs", n(b.mo_scs)},
            {"MO_WT", n(b.mo_wt)},
            {"MO_FL", n(b.mo_fl)}};
}
inline fields list(const posthorn::cmpp::cancel& b) { return {{"Msg_Id", n(b.msg_id)}}; }
inline fields list(const posthorn::cmpp::cancel_resp& b) {
    return {{"Success_Id", n(b.success_id)}};
}
inline fields list(const posthorn::cmpp::report& r) {
    return {{"Msg_Id", n(r.msg_id)},
            {"Stat", std::string(r.stat)},
            {"Submit_time", std::string(r.submit_time)},
            {"Done_time", std::string(r.done_time)},
            {"Dest_terminal_Id", std::string(r.dest_terminal_id)},
            {"SMSC_sequence", n(r.smsc_sequence)}};
}

inline fields list(const posthorn::cmpp::pdu& p) {
    auto out = std::visit([](const auto& b) { return list(b); }, p.body);
    out["Total_Length"] = n(p.head.length);
    out["Command_Id"] = n(static_cast<std::uint32_t>(p.head.id));
    out["Sequence_Id"] = n(p.head.sequence);
    out["Reserved"]; // of ACTIVE_TEST_RESP
    return out;
}

} // namespace cmpp_test

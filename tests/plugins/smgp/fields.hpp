// A decoded packet laid out again as (field name, what a vector says of it), to compare with one.
#pragma once

#include "recorded.hpp"
#include "smgp/codec/pdu.hpp"
#include "smgp/codec/report.hpp"

#include <map>
#include <string>

namespace smgp_test {

using fields = std::map<std::string, std::string>;

using posthorn::vectors::hex_of;

template <class Number>
std::string n(Number value) {
    return std::to_string(value);
}

inline fields list(const posthorn::smgp::no_body&) { return {}; }
inline fields list(const posthorn::smgp::login& b) {
    return {{"ClientID", std::string(b.client_id)},
            {"AuthenticatorClient", hex_of(b.authenticator)},
            {"LoginMode", n(static_cast<unsigned>(b.login_mode))},
            {"TimeStamp", n(b.timestamp)},
            {"ClientVersion", n(b.client_version)}};
}
inline fields list(const posthorn::smgp::login_resp& b) {
    return {{"Status", n(b.status)},
            {"AuthenticatorServer", hex_of(b.authenticator)},
            {"ServerVersion", n(b.server_version)}};
}

// As the vectors show them: the numbers among them as numbers, the others as text.
inline void add_tlvs(fields& out, std::string_view tlvs) {
    using posthorn::smgp::tag;
    for (const auto& [name, which] :
         {std::pair{"TP_pid", tag::tp_pid}, std::pair{"TP_udhi", tag::tp_udhi},
          std::pair{"PkTotal", tag::pk_total}, std::pair{"PkNumber", tag::pk_number}})
        if (posthorn::smgp::value_of(tlvs, which))
            out[name] = n(posthorn::smgp::octet_of(tlvs, which));
    for (const auto& [name, which] :
         {std::pair{"LinkID", tag::link_id}, std::pair{"MsgSrc", tag::msg_src},
          std::pair{"MServiceID", tag::mservice_id}})
        if (const auto value = posthorn::smgp::value_of(tlvs, which))
            out[name] = value->substr(0, value->find('\0'));
}

inline fields list(const posthorn::smgp::submit& b) {
    fields out{{"MsgType", n(b.msg_type)},
               {"NeedReport", n(b.need_report)},
               {"Priority", n(b.priority)},
               {"ServiceID", std::string(b.service_id)},
               {"FeeType", std::string(b.fee_type)},
               {"FeeCode", std::string(b.fee_code)},
               {"FixedFee", std::string(b.fixed_fee)},
               {"MsgFormat", n(b.msg_format)},
               {"ValidTime", std::string(b.valid_time)},
               {"AtTime", std::string(b.at_time)},
               {"SrcTermID", std::string(b.src_term_id)},
               {"ChargeTermID", std::string(b.charge_term_id)},
               {"DestTermIDCount", n(b.terminals.size())},
               {"MsgLength", n(b.content.size())},
               {"MsgContent", hex_of(b.content)},
               {"Reserve", std::string(b.reserve)}};
    for (std::size_t i = 0; i < b.terminals.size(); ++i)
        out["DestTermID[" + n(i) + "]"] = b.terminals[i];
    add_tlvs(out, b.tlvs);
    return out;
}
inline fields list(const posthorn::smgp::message_resp& b) {
    return {{"MsgID", hex_of(b.msg_id)}, {"Status", n(b.status)}};
}
inline fields list(const posthorn::smgp::deliver& b) {
    fields out{{"MsgID", hex_of(b.msg_id)},
               {"IsReport", n(b.is_report)},
               {"MsgFormat", n(b.msg_format)},
               {"RecvTime", std::string(b.recv_time)},
               {"SrcTermID", std::string(b.src_term_id)},
               {"DestTermID", std::string(b.dest_term_id)},
               {"MsgLength", n(b.content.size())},
               {"MsgContent", hex_of(b.content)},
               {"Reserve", std::string(b.reserve)}};
    add_tlvs(out, b.tlvs);
    return out;
}
inline fields list(const posthorn::smgp::query& b) {
    return {{"QueryTime", std::string(b.query_time)},
            {"QueryType", n(b.query_type)},
            {"QueryCode", std::string(b.query_code)}};
}
inline fields list(const posthorn::smgp::query_resp& b) {
    return {{"QueryTime", std::string(b.query_time)},
            {"QueryType", n(b.query_type)},
            {"QueryCode", std::string(b.query_code)},
            {"MT_TLMsg", n(b.mt_tlmsg)},
            {"MT_TlUsr", n(b.mt_tlusr)},
            {"MT_Scs", n(b.mt_scs)},
            {"MT_WT", n(b.mt_wt)},
            {"MT_FL", n(b.mt_fl)},
            {"MO_Scs", n(b.mo_scs)},
            {"MO_WT", n(b.mo_wt)},
            {"MO_FL", n(b.mo_fl)},
            {"Reserve", std::string(b.reserve)}};
}
inline fields list(const posthorn::smgp::report& r) {
    return {{"id", r.id},
            {"sub", std::string(r.sub)},
            {"dlvrd", std::string(r.dlvrd)},
            {"submit_date", std::string(r.submit_date)},
            {"done_date", std::string(r.done_date)},
            {"stat", std::string(r.stat)},
            {"err", std::string(r.err)}};
}

inline fields list(const posthorn::smgp::pdu& p) {
    auto out = std::visit([](const auto& b) { return list(b); }, p.body);
    out["PacketLength"] = n(p.head.length);
    out["RequestID"] = n(static_cast<std::uint32_t>(p.head.id));
    out["SequenceID"] = n(p.head.sequence);
    return out;
}

} // namespace smgp_test

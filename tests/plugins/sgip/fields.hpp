// A decoded packet laid out again as (field name, what a vector says of it), to compare with one.
#pragma once

#include "recorded.hpp"
#include "sgip/codec/pdu.hpp"

#include <map>
#include <string>

namespace sgip_test {

using fields = std::map<std::string, std::string>;

using posthorn::vectors::hex_of;

template <class Number>
std::string n(Number value) {
    return std::to_string(value);
}

inline fields list(const posthorn::sgip::no_body&) { return {}; }
inline fields list(const posthorn::sgip::bind& b) {
    return {{"Login_Type", n(static_cast<unsigned>(b.login_type))},
            {"Login_Name", std::string(b.login_name)},
            {"Login_Password", std::string(b.login_password)},
            {"Reserve", std::string(b.reserve)}};
}
inline fields list(const posthorn::sgip::answer& b) {
    return {{"Result", n(b.result)}, {"Reserve", std::string(b.reserve)}};
}
inline fields list(const posthorn::sgip::submit& b) {
    fields out{{"SPNumber", std::string(b.sp_number)},
               {"ChargeNumber", std::string(b.charge_number)},
               {"UserCount", n(b.users.size())},
               {"CorpId", std::string(b.corp_id)},
               {"ServiceType", std::string(b.service_type)},
               {"FeeType", n(b.fee_type)},
               {"FeeValue", std::string(b.fee_value)},
               {"GivenValue", std::string(b.given_value)},
               {"AgentFlag", n(b.agent_flag)},
               {"MorelatetoMTFlag", n(b.more_late_to_mt_flag)},
               {"Priority", n(b.priority)},
               {"ExpireTime", std::string(b.expire_time)},
               {"ScheduleTime", std::string(b.schedule_time)},
               {"ReportFlag", n(b.report_flag)},
               {"TP_pid", n(b.tp_pid)},
               {"TP_udhi", n(b.tp_udhi)},
               {"MessageCoding", n(b.message_coding)},
               {"MessageType", n(b.message_type)},
               {"MessageLength", n(b.content.size())},
               {"MessageContent", hex_of(b.content)},
               {"Reserve", std::string(b.reserve)}};
    for (std::size_t i = 0; i < b.users.size(); ++i)
        out["UserNumber[" + n(i) + "]"] = b.users[i];
    return out;
}
inline fields list(const posthorn::sgip::deliver& b) {
    return {{"UserNumber", std::string(b.user_number)},
            {"SPNumber", std::string(b.sp_number)},
            {"TP_pid", n(b.tp_pid)},
            {"TP_udhi", n(b.tp_udhi)},
            {"MessageCoding", n(b.message_coding)},
            {"MessageLength", n(b.content.size())},
            {"MessageContent", hex_of(b.content)},
            {"Reserve", std::string(b.reserve)}};
}
inline fields with_submit(const posthorn::sgip::sequence& s, fields others) {
    others["SubmitSequence[0]"] = n(s.node);
    others["SubmitSequence[1]"] = n(s.time);
    others["SubmitSequence[2]"] = n(s.count);
    return others;
}
inline fields list(const posthorn::sgip::report& b) {
    return with_submit(b.submit, {{"ReportType", n(b.report_type)},
                                  {"UserNumber", std::string(b.user_number)},
                                  {"State", n(b.state)},
                                  {"ErrorCode", n(b.error_code)},
                                  {"Reserve", std::string(b.reserve)}});
}
inline fields list(const posthorn::sgip::user_report& b) {
    return {{"SPNumber", std::string(b.sp_number)},
            {"UserNumber", std::string(b.user_number)},
            {"UserCondition", n(b.user_condition)},
            {"Reserve", std::string(b.reserve)}};
}
inline fields list(const posthorn::sgip::trace& b) {
    return with_submit(b.submit, {{"UserNumber", std::string(b.user_number)},
                                  {"Reserve", std::string(b.reserve)}});
}
// Of the one step that the recorded packet has.
inline fields list(const posthorn::sgip::trace_resp& b) {
    fields out{{"Count", n(b.steps.size())}};
    for (const auto& s : b.steps)
        out.insert({{"Result", n(s.result)},
                    {"NodeId", std::string(s.node_id)},
                    {"ReceiveTime", std::string(s.receive_time)},
                    {"SendTime", std::string(s.send_time)},
                    {"Reserve", std::string(s.reserve)}});
    return out;
}

inline fields list(const posthorn::sgip::pdu& p) {
    auto out = std::visit([](const auto& b) { return list(b); }, p.body);
    out["Message_Length"] = n(p.head.length);
    out["Command_ID"] = n(static_cast<std::uint32_t>(p.head.id));
    out["Sequence[0] node"] = n(p.head.sequence.node);
    out["Sequence[1] mmddhhmmss"] = n(p.head.sequence.time);
    out["Sequence[2] counter"] = n(p.head.sequence.count);
    return out;
}

} // namespace sgip_test

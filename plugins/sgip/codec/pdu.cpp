#include "sgip/codec/pdu.hpp"

#include "sdk/octets.hpp"

#include <array>
#include <utility>

namespace posthorn::sgip {

namespace {

using sdk::become;
using sdk::octet_reader;
using sdk::octet_writer;
using sdk::of;

constexpr std::size_t phone = 21, reserved = 8;

// Each body's fields, for reading and for writing alike.

template <class Io, of<sequence> S>
void fields(Io& io, S& s) {
    io.number(s.node);
    io.number(s.time);
    io.number(s.count);
}

template <class Io, of<bind> B>
void fields(Io& io, B& b) {
    io.number(b.login_type);
    io.text(b.login_name, 16);
    io.text(b.login_password, 16);
    io.last_text(b.reserve, reserved);
}

template <class Io, of<answer> B>
void fields(Io& io, B& b) {
    io.number(b.result);
    io.last_text(b.reserve, reserved);
}

template <class Io, of<submit> B>
void fields(Io& io, B& b) {
    io.text(b.sp_number, phone);
    io.text(b.charge_number, phone);
    io.texts(b.users, phone);
    io.text(b.corp_id, 5);
    io.text(b.service_type, 10);
    io.number(b.fee_type);
    io.text(b.fee_value, 6);
    io.text(b.given_value, 6);
    io.number(b.agent_flag);
    io.number(b.more_late_to_mt_flag);
    io.number(b.priority);
    io.text(b.expire_time, 16);
    io.text(b.schedule_time, 16);
    io.number(b.report_flag);
    io.number(b.tp_pid);
    io.number(b.tp_udhi);
    io.number(b.message_coding);
    io.number(b.message_type);
    io.template counted<std::uint32_t>(b.content);
    io.last_text(b.reserve, reserved);
}

template <class Io, of<deliver> B>
void fields(Io& io, B& b) {
    io.text(b.user_number, phone);
    io.text(b.sp_number, phone);
    io.number(b.tp_pid);
    io.number(b.tp_udhi);
    io.number(b.message_coding);
    io.template counted<std::uint32_t>(b.content);
    io.last_text(b.reserve, reserved);
}

template <class Io, of<report> B>
void fields(Io& io, B& b) {
    fields(io, b.submit);
    io.number(b.report_type);
    io.text(b.user_number, phone);
    io.number(b.state);
    io.number(b.error_code);
    io.last_text(b.reserve, reserved);
}

template <class Io, of<user_report> B>
void fields(Io& io, B& b) {
    io.text(b.sp_number, phone);
    io.text(b.user_number, phone);
    io.number(b.user_condition);
    io.last_text(b.reserve, reserved);
}

template <class Io, of<trace> B>
void fields(Io& io, B& b) {
    fields(io, b.submit);
    io.text(b.user_number, phone);
    io.last_text(b.reserve, reserved);
}

template <class Io, of<trace_step> S>
void fields(Io& io, S& s) {
    io.number(s.result);
    io.text(s.node_id, 6);
    io.text(s.receive_time, 16);
    io.text(s.send_time, 16);
    io.text(s.reserve, reserved);
}

void fields(octet_reader& io, trace_resp& b) {
    std::uint8_t count = 0;
    io.number(count);
    b.steps.clear();
    for (unsigned i = 0; i < count && io.ok(); ++i)
        fields(io, b.steps.emplace_back());
}
void fields(octet_writer& io, const trace_resp& b) {
    io.number(static_cast<std::uint8_t>(b.steps.size()));
    for (const auto& step : b.steps)
        fields(io, step);
}

template <class Io, of<no_body> B>
void fields(Io&, B&) {}

void make_body(body& made, command id) {
    switch (id) {
    case command::bind:
        return become<bind>(made);
    case command::submit:
        return become<submit>(made);
    case command::deliver:
        return become<deliver>(made);
    case command::report:
        return become<report>(made);
    case command::user_report:
        return become<user_report>(made);
    case command::trace:
        return become<trace>(made);
    case command::trace_resp:
        return become<trace_resp>(made);
    case command::unbind:
    case command::unbind_resp:
        return become<no_body>(made);
    default:
        return become<answer>(made);
    }
}

template <class Body>
void append(std::string& out, command id, const sequence& number, const Body& b) {
    const sdk::measured_packet whole(out);
    octet_writer io(out);
    io.number(id);
    fields(io, number);
    fields(io, b);
}

} // namespace

std::string_view name(command id) noexcept {
    static constexpr std::array<std::pair<command, std::string_view>, 14> names{
        {{command::bind, "BIND"},
         {command::unbind, "UNBIND"},
         {command::submit, "SUBMIT"},
         {command::deliver, "DELIVER"},
         {command::report, "REPORT"},
         {command::user_report, "USERRPT"},
         {command::trace, "TRACE"},
         {command::bind_resp, "BIND_RESP"},
         {command::unbind_resp, "UNBIND_RESP"},
         {command::submit_resp, "SUBMIT_RESP"},
         {command::deliver_resp, "DELIVER_RESP"},
         {command::report_resp, "REPORT_RESP"},
         {command::user_report_resp, "USERRPT_RESP"},
         {command::trace_resp, "TRACE_RESP"}}};
    for (const auto& [known, text] : names)
        if (known == id)
            return text;
    return {};
}

header read_header(std::string_view octets) noexcept {
    octet_reader io(octets);
    header out;
    io.number(out.length);
    io.number(out.id);
    fields(io, out.sequence);
    return out;
}

std::optional<std::string_view> decode(std::string_view octets, pdu& out) {
    out.head = read_header(octets);
    if (octets.size() < header_size || out.head.length != octets.size())
        return "it is not as long as its Message_Length says";
    if (name(out.head.id).empty())
        return "its Command_ID is none between a gateway and an SP";
    octet_reader io(octets.substr(header_size));
    make_body(out.body, out.head.id);
    std::visit([&](auto& b) { fields(io, b); }, out.body);
    if (!io.ok())
        return "it ends inside a field: a length in it runs past its end";
    return std::nullopt;
}

void encode(std::string& out, const pdu& p) {
    std::visit([&](const auto& b) { append(out, p.head.id, p.head.sequence, b); }, p.body);
}

void encode_submit(std::string& out, const sequence& number, const submit& b) {
    append(out, command::submit, number, b);
}

void encode_answer(std::string& out, command id, const sequence& number, std::uint8_t result) {
    append(out, id, number, answer{.result = result, .reserve = {}});
}

std::string_view oversized_field(const submit& b) noexcept {
    const sdk::placed_text texts[] = {
        {"SPNumber", b.sp_number, phone},  {"ChargeNumber", b.charge_number, phone},
        {"CorpId", b.corp_id, 5},          {"ServiceType", b.service_type, 10},
        {"FeeValue", b.fee_value, 6},      {"GivenValue", b.given_value, 6},
        {"ExpireTime", b.expire_time, 16}, {"ScheduleTime", b.schedule_time, 16},
        {"Reserve", b.reserve, reserved}};
    if (const auto field = sdk::first_oversized(texts); !field.empty())
        return field;
    if (b.users.empty() || b.users.size() > 100)
        return "UserCount";
    if (!sdk::all_fit(b.users, phone))
        return "UserNumber";
    return b.content.size() > (b.message_coding == 0 ? 160U : 140U) ? "MessageContent" : "";
}

} // namespace posthorn::sgip

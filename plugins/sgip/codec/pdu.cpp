#include "sgip/codec/pdu.hpp"

#include "sdk/octets.hpp"

#include <array>
#include <type_traits>
#include <utility>

namespace posthorn::sgip {

namespace {

using sdk::octet_reader;
using sdk::octet_writer;

constexpr std::size_t phone = 21, reserved = 8;

// Each body's fields, for reading and for writing alike.

template <class B, class Body>
concept of = std::is_same_v<std::remove_const_t<B>, Body>;

template <class Io, of<sequence> S>
void fields(Io& io, S& s) {
    io.number(s.node);
    io.number(s.time);
    io.number(s.count);
}

void login(octet_reader& io, login_type& type) noexcept {
    std::uint8_t octet = 0;
    io.number(octet);
    type = static_cast<login_type>(octet);
}
void login(octet_writer& io, login_type type) { io.number(static_cast<std::uint8_t>(type)); }

template <class Io, of<bind> B>
void fields(Io& io, B& b) {
    login(io, b.login_type);
    io.text(b.login_name, 16);
    io.text(b.login_password, 16);
    io.last_text(b.reserve, reserved);
}

template <class Io, of<answer> B>
void fields(Io& io, B& b) {
    io.number(b.result);
    io.last_text(b.reserve, reserved);
}

void users(octet_reader& io, submit& b) {
    std::uint8_t count = 0;
    io.number(count);
    b.users.clear();
    for (unsigned i = 0; i < count && io.ok(); ++i)
        io.text(b.users.emplace_back(), phone);
}
void users(octet_writer& io, const submit& b) {
    io.number(static_cast<std::uint8_t>(b.users.size()));
    for (const auto& u : b.users)
        io.text(u, phone);
}

template <class Io, of<submit> B>
void fields(Io& io, B& b) {
    io.text(b.sp_number, phone);
    io.text(b.charge_number, phone);
    users(io, b);
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

// Kept when it is of that kind already, for the room its list has.
template <class B>
void make(body& of) {
    if (!std::holds_alternative<B>(of))
        of.emplace<B>();
}

void make_body(body& of, command id) {
    switch (id) {
    case command::bind:
        return make<bind>(of);
    case command::submit:
        return make<submit>(of);
    case command::deliver:
        return make<deliver>(of);
    case command::report:
        return make<report>(of);
    case command::user_report:
        return make<user_report>(of);
    case command::trace:
        return make<trace>(of);
    case command::trace_resp:
        return make<trace_resp>(of);
    case command::unbind:
    case command::unbind_resp:
        return make<no_body>(of);
    default:
        return make<answer>(of);
    }
}

void write_header(octet_writer& io, command id, const sequence& number) {
    io.number(static_cast<std::uint32_t>(id));
    fields(io, number);
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
    std::uint32_t id = 0;
    io.number(out.length);
    io.number(id);
    fields(io, out.sequence);
    out.id = static_cast<command>(id);
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
    const sdk::measured_packet whole(out);
    octet_writer io(out);
    write_header(io, p.head.id, p.head.sequence);
    std::visit([&](const auto& b) { fields(io, b); }, p.body);
}

void encode_submit(std::string& out, const sequence& number, const submit& b) {
    const sdk::measured_packet whole(out);
    octet_writer io(out);
    write_header(io, command::submit, number);
    fields(io, b);
}

void encode_answer(std::string& out, command id, const sequence& number, std::uint8_t result) {
    const sdk::measured_packet whole(out);
    octet_writer io(out);
    write_header(io, id, number);
    const answer b{.result = result, .reserve = {}};
    fields(io, b);
}

std::string_view oversized_field(const submit& b) noexcept {
    const std::array<std::pair<std::string_view, std::pair<std::string_view, std::size_t>>, 9> all{
        {{"SPNumber", {b.sp_number, phone}},
         {"ChargeNumber", {b.charge_number, phone}},
         {"CorpId", {b.corp_id, 5}},
         {"ServiceType", {b.service_type, 10}},
         {"FeeValue", {b.fee_value, 6}},
         {"GivenValue", {b.given_value, 6}},
         {"ExpireTime", {b.expire_time, 16}},
         {"ScheduleTime", {b.schedule_time, 16}},
         {"Reserve", {b.reserve, reserved}}}};
    for (const auto& [field, held] : all)
        if (held.first.size() > held.second)
            return field;
    if (b.users.empty() || b.users.size() > 100)
        return "UserCount";
    for (const auto& u : b.users)
        if (u.empty() || u.size() > phone)
            return "UserNumber";
    return b.content.size() > (b.message_coding == 0 ? 160U : 140U) ? "MessageContent" : "";
}

} // namespace posthorn::sgip

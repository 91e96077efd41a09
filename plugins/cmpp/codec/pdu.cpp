#include "cmpp/codec/pdu.hpp"

#include "sdk/octets.hpp"

#include <array>
#include <utility>

namespace posthorn::cmpp {

namespace {

using sdk::become;
using sdk::octet_reader;
using sdk::octet_writer;
using sdk::of;

// Where the versions differ.
struct layout {
    std::size_t terminal; // octets of a phone number
    bool typed;           // a type stands beside numbers
    std::size_t result;   // octets of a result
    std::size_t tail;     // Reserve, LinkID
};

constexpr layout layout_of(dialect as) {
    return as == dialect::v20 ? layout{21, false, 1, 8} : layout{32, true, 4, 20};
}

// Each body's fields, for reading and for writing alike.

template <class Io, of<connect> B>
void fields(Io& io, B& b, const layout&) {
    io.text(b.source_addr, 6);
    io.octets(b.authenticator, 16);
    io.number(b.version);
    io.number(b.timestamp);
}

template <class Io, of<connect_resp> B>
void fields(Io& io, B& b, const layout& as) {
    io.number(b.status, as.result);
    io.octets(b.authenticator, 16);
    io.number(b.version);
}

template <class Io, of<submit> B>
void fields(Io& io, B& b, const layout& as) {
    io.number(b.msg_id);
    io.number(b.pk_total);
    io.number(b.pk_number);
    io.number(b.registered_delivery);
    io.number(b.msg_level);
    io.text(b.service_id, 10);
    io.number(b.fee_user_type);
    io.text(b.fee_terminal_id, as.terminal);
    if (as.typed)
        io.number(b.fee_terminal_type);
    io.number(b.tp_pid);
    io.number(b.tp_udhi);
    io.number(b.msg_fmt);
    io.text(b.msg_src, 6);
    io.text(b.fee_type, 2);
    io.text(b.fee_code, 6);
    io.text(b.valid_time, 17);
    io.text(b.at_time, 17);
    io.text(b.src_id, 21);
    io.texts(b.terminals, as.terminal);
    if (as.typed)
        io.number(b.dest_terminal_type);
    io.counted(b.content);
    io.last_text(b.link_id, as.tail);
}

template <class Io, of<deliver> B>
void fields(Io& io, B& b, const layout& as) {
    io.number(b.msg_id);
    io.text(b.dest_id, 21);
    io.text(b.service_id, 10);
    io.number(b.tp_pid);
    io.number(b.tp_udhi);
    io.number(b.msg_fmt);
    io.text(b.src_terminal_id, as.terminal);
    if (as.typed)
        io.number(b.src_terminal_type);
    io.number(b.registered_delivery);
    io.counted(b.content);
    io.last_text(b.link_id, as.tail);
}

template <class Io, of<message_resp> B>
void fields(Io& io, B& b, const layout& as) {
    io.number(b.msg_id);
    io.number(b.result, as.result);
}

template <class Io, of<query> B>
void fields(Io& io, B& b, const layout&) {
    io.text(b.time, 8);
    io.number(b.query_type);
    io.text(b.query_code, 10);
    io.text(b.reserve, 8);
}

template <class Io, of<query_resp> B>
void fields(Io& io, B& b, const layout&) {
    io.text(b.time, 8);
    io.number(b.query_type);
    io.text(b.query_code, 10);
    for (auto* n :
         {&b.mt_tlmsg, &b.mt_tlusr, &b.mt_scs, &b.mt_wt, &b.mt_fl, &b.mo_scs, &b.mo_wt, &b.mo_fl})
        io.number(*n);
}

template <class Io, of<cancel> B>
void fields(Io& io, B& b, const layout&) {
    io.number(b.msg_id);
}

template <class Io, of<cancel_resp> B>
void fields(Io& io, B& b, const layout& as) {
    io.number(b.success_id, as.result);
}

template <class Io, of<no_body> B>
void fields(Io&, B&, const layout&) {}

// What stands in an answer beside its result; nothing: it has none.
std::optional<std::size_t> beside_result(command id) {
    switch (id) {
    case command::connect_resp:
        return 17;
    case command::submit_resp:
    case command::deliver_resp:
        return 8;
    case command::cancel_resp:
        return 0;
    default:
        return std::nullopt;
    }
}

void make_body(body& made, command id) {
    switch (id) {
    case command::connect:
        return become<connect>(made);
    case command::connect_resp:
        return become<connect_resp>(made);
    case command::submit:
        return become<submit>(made);
    case command::submit_resp:
    case command::deliver_resp:
        return become<message_resp>(made);
    case command::deliver:
        return become<deliver>(made);
    case command::query:
        return become<query>(made);
    case command::query_resp:
        return become<query_resp>(made);
    case command::cancel:
        return become<cancel>(made);
    case command::cancel_resp:
        return become<cancel_resp>(made);
    default:
        made = no_body{};
    }
}

template <class Body>
void append(std::string& out, dialect as, command id, std::uint32_t sequence, const Body& b) {
    const sdk::measured_packet whole(out);
    octet_writer io(out);
    io.number(id);
    io.number(sequence);
    fields(io, b, layout_of(as));
    if (id == command::active_test_resp)
        io.number(std::uint8_t{0}); // reserved
}

} // namespace

std::string_view name(command id) noexcept {
    static constexpr std::array<std::pair<command, std::string_view>, 14> names{
        {{command::connect, "CONNECT"},
         {command::terminate, "TERMINATE"},
         {command::submit, "SUBMIT"},
         {command::deliver, "DELIVER"},
         {command::query, "QUERY"},
         {command::cancel, "CANCEL"},
         {command::active_test, "ACTIVE_TEST"},
         {command::connect_resp, "CONNECT_RESP"},
         {command::terminate_resp, "TERMINATE_RESP"},
         {command::submit_resp, "SUBMIT_RESP"},
         {command::deliver_resp, "DELIVER_RESP"},
         {command::query_resp, "QUERY_RESP"},
         {command::cancel_resp, "CANCEL_RESP"},
         {command::active_test_resp, "ACTIVE_TEST_RESP"}}};
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
    io.number(out.sequence);
    return out;
}

std::optional<std::string_view> decode(std::string_view octets, dialect as, pdu& out) {
    out.head = read_header(octets);
    if (octets.size() < header_size || out.head.length != octets.size())
        return "it is not as long as its Total_Length says";
    if (name(out.head.id).empty())
        return "its Command_Id is none between a gateway and an SP";
    auto where = layout_of(as);
    octet_reader io(octets.substr(header_size));
    if (const auto beside = beside_result(out.head.id)) {
        where.result = io.left() - std::min(io.left(), *beside);
        if (where.result != 1 && where.result != 4)
            return "it is as long as in neither version";
    }
    make_body(out.body, out.head.id);
    std::visit([&](auto& b) { fields(io, b, where); }, out.body);
    if (!io.ok())
        return "it ends inside a field: a length in it runs past its end";
    return std::nullopt;
}

void encode(std::string& out, dialect as, const pdu& p) {
    std::visit([&](const auto& b) { append(out, as, p.head.id, p.head.sequence, b); }, p.body);
}

void encode_header(std::string& out, command id, std::uint32_t sequence) {
    append(out, dialect::v30, id, sequence, no_body{}); // the same in both
}

void encode_submit(std::string& out, dialect as, std::uint32_t sequence, const submit& b) {
    append(out, as, command::submit, sequence, b);
}

void encode_message_resp(std::string& out, dialect as, command id, std::uint32_t sequence,
                         const message_resp& b) {
    append(out, as, id, sequence, b);
}

std::string_view oversized_field(dialect as, const submit& b) noexcept {
    const auto where = layout_of(as);
    const sdk::placed_text texts[] = {
        {"Service_Id", b.service_id, 10}, {"Fee_terminal_Id", b.fee_terminal_id, where.terminal},
        {"Msg_src", b.msg_src, 6},        {"FeeType", b.fee_type, 2},
        {"FeeCode", b.fee_code, 6},       {"ValId_Time", b.valid_time, 17},
        {"At_Time", b.at_time, 17},       {"Src_Id", b.src_id, 21},
        {"LinkID", b.link_id, where.tail}};
    if (const auto field = sdk::first_oversized(texts); !field.empty())
        return field;
    if (b.terminals.empty() || b.terminals.size() > 99)
        return "DestUsr_tl";
    if (!sdk::all_fit(b.terminals, where.terminal))
        return "Dest_terminal_Id";
    return b.content.size() > (b.msg_fmt == 0 ? 160U : 140U) ? "Msg_Content" : "";
}

} // namespace posthorn::cmpp

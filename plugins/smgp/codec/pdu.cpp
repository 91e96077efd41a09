#include "smgp/codec/pdu.hpp"

#include "smgp/codec/msg_id.hpp"

#include <array>
#include <utility>

namespace posthorn::smgp {

namespace {

using sdk::become;
using sdk::octet_reader;
using sdk::octet_writer;
using sdk::of;

constexpr std::size_t terminal_size = 21, reserve_size = 8, proof_size = 16;

// Each body's fields, for reading and for writing alike.

template <class Io, of<login> B>
void fields(Io& io, B& b) {
    io.text(b.client_id, 8);
    io.octets(b.authenticator, proof_size);
    io.number(b.login_mode);
    io.number(b.timestamp);
    io.number(b.client_version);
}

// Who refuses may leave the proof out, and the version.
void fields(octet_reader& io, login_resp& b) {
    io.number(b.status);
    io.octets(b.authenticator, io.left() < proof_size ? 0 : proof_size);
    b.server_version = 0;
    if (io.left() > 0)
        io.number(b.server_version);
}
void fields(octet_writer& io, const login_resp& b) {
    io.number(b.status);
    io.octets(b.authenticator, proof_size);
    io.number(b.server_version);
}

// A sender may leave out what is reserved, but only where nothing follows it.
template <class Body>
void tail(octet_reader& io, Body& b) {
    io.text(b.reserve, std::min(io.left(), reserve_size));
    io.octets(b.tlvs, io.left());
}
template <class Body>
void tail(octet_writer& io, const Body& b) {
    io.text(b.reserve, reserve_size);
    io.octets(b.tlvs, b.tlvs.size());
}

template <class Io, of<submit> B>
void fields(Io& io, B& b) {
    io.number(b.msg_type);
    io.number(b.need_report);
    io.number(b.priority);
    io.text(b.service_id, 10);
    io.text(b.fee_type, 2);
    io.text(b.fee_code, 6);
    io.text(b.fixed_fee, 6);
    io.number(b.msg_format);
    io.text(b.valid_time, 17);
    io.text(b.at_time, 17);
    io.text(b.src_term_id, terminal_size);
    io.text(b.charge_term_id, terminal_size);
    io.texts(b.terminals, terminal_size);
    io.counted(b.content);
    tail(io, b);
}

template <class Io, of<message_resp> B>
void fields(Io& io, B& b) {
    io.octets(b.msg_id, msg_id_size);
    io.number(b.status);
}

template <class Io, of<deliver> B>
void fields(Io& io, B& b) {
    io.octets(b.msg_id, msg_id_size);
    io.number(b.is_report);
    io.number(b.msg_format);
    io.text(b.recv_time, 14);
    io.text(b.src_term_id, terminal_size);
    io.text(b.dest_term_id, terminal_size);
    io.counted(b.content);
    tail(io, b);
}

template <class Io, class B>
requires(of<B, query> || of<B, query_resp>) void fields(Io& io, B& b) {
    io.text(b.query_time, 8);
    io.number(b.query_type);
    io.text(b.query_code, 10);
    if constexpr (of<B, query_resp>) {
        for (auto* n : {&b.mt_tlmsg, &b.mt_tlusr, &b.mt_scs, &b.mt_wt, &b.mt_fl, &b.mo_scs,
                        &b.mo_wt, &b.mo_fl})
            io.number(*n);
        io.last_text(b.reserve, reserve_size);
    }
}

template <class Io, of<no_body> B>
void fields(Io&, B&) {}

void make_body(body& made, command id) {
    switch (id) {
    case command::login:
        return become<login>(made);
    case command::login_resp:
        return become<login_resp>(made);
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
    default:
        made = no_body{};
    }
}

// Whether a submit that cannot be read is one of version 1.3, which has no FixedFee.
bool is_of_version_13(std::string_view body) noexcept {
    constexpr std::size_t before_count = 98, after_content = reserve_size;
    if (body.size() <= before_count)
        return false;
    const auto octet_at = [&](std::size_t at) { return static_cast<unsigned char>(body[at]); };
    const auto length_at = before_count + 1 + terminal_size * octet_at(before_count);
    return length_at < body.size() && length_at > before_count + 1 &&
           length_at + 1 + octet_at(length_at) + after_content == body.size();
}

template <class Body>
void append(std::string& out, command id, std::uint32_t sequence, const Body& b) {
    const sdk::measured_packet whole(out);
    octet_writer io(out);
    io.number(id);
    io.number(sequence);
    fields(io, b);
}

} // namespace

std::string_view name(command id) noexcept {
    static constexpr std::array<std::pair<command, std::string_view>, 12> names{
        {{command::login, "Login"},
         {command::submit, "Submit"},
         {command::deliver, "Deliver"},
         {command::active_test, "Active_Test"},
         {command::exit, "Exit"},
         {command::query, "Query"},
         {command::login_resp, "Login_Resp"},
         {command::submit_resp, "Submit_Resp"},
         {command::deliver_resp, "Deliver_Resp"},
         {command::active_test_resp, "Active_Test_Resp"},
         {command::exit_resp, "Exit_Resp"},
         {command::query_resp, "Query_Resp"}}};
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

std::optional<std::string_view> decode(std::string_view octets, pdu& out) {
    out.head = read_header(octets);
    if (octets.size() < header_size || out.head.length != octets.size())
        return "it is not as long as its PacketLength says";
    if (name(out.head.id).empty())
        return "its RequestID is none between a gateway and an SP";
    const auto rest = octets.substr(header_size);
    octet_reader io(rest);
    make_body(out.body, out.head.id);
    std::visit([&](auto& b) { fields(io, b); }, out.body);
    if (io.ok())
        return std::nullopt;
    return out.head.id == command::submit && is_of_version_13(rest)
               ? "it is laid out as in version 1.3, without FixedFee: only 3.0 is spoken"
               : "it ends inside a field: a length in it runs past its end";
}

void encode(std::string& out, const pdu& p) {
    std::visit([&](const auto& b) { append(out, p.head.id, p.head.sequence, b); }, p.body);
}

void encode_header(std::string& out, command id, std::uint32_t sequence) {
    append(out, id, sequence, no_body{});
}

void encode_submit(std::string& out, std::uint32_t sequence, const submit& b) {
    append(out, command::submit, sequence, b);
}

void encode_message_resp(std::string& out, command id, std::uint32_t sequence,
                         const message_resp& b) {
    append(out, id, sequence, b);
}

std::string_view oversized_field(const submit& b) noexcept {
    const sdk::placed_text texts[] = {{"ServiceID", b.service_id, 10},
                                      {"FeeType", b.fee_type, 2},
                                      {"FeeCode", b.fee_code, 6},
                                      {"FixedFee", b.fixed_fee, 6},
                                      {"ValidTime", b.valid_time, 17},
                                      {"AtTime", b.at_time, 17},
                                      {"SrcTermID", b.src_term_id, terminal_size},
                                      {"ChargeTermID", b.charge_term_id, terminal_size},
                                      {"Reserve", b.reserve, reserve_size}};
    if (const auto field = sdk::first_oversized(texts); !field.empty())
        return field;
    if (b.terminals.empty() || b.terminals.size() > 100)
        return "DestTermIDCount";
    if (!sdk::all_fit(b.terminals, terminal_size))
        return "DestTermID";
    // The specification says 140 of ASCII too; gateways take what a phone does.
    return b.content.size() > (b.msg_format == 0 ? 160U : 140U) ? "MsgContent" : "";
}

} // namespace posthorn::smgp

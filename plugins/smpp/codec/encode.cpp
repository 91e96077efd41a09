// PDUs to octets.
#include "sdk/octets.hpp"
#include "smpp/codec/octets.hpp"
#include "smpp/codec/pdu.hpp"

#include <cassert>

namespace posthorn::smpp {

namespace {

void write_address(std::string& out, const address& a) {
    append_u8(out, a.ton);
    append_u8(out, a.npi);
    append_cstring(out, a.digits);
}

void write_text(std::string& out, std::string_view text) {
    assert(text.size() <= 255);
    append_u8(out, static_cast<std::uint8_t>(text.size()));
    out.append(text.substr(0, 255));
}

void write_settings(std::string& out, const sm_settings& s) {
    append_u8(out, s.esm_class);
    append_u8(out, s.protocol_id);
    append_u8(out, s.priority_flag);
    append_cstring(out, s.schedule_delivery_time);
    append_cstring(out, s.validity_period);
    append_u8(out, s.registered_delivery);
    append_u8(out, s.replace_if_present_flag);
    append_u8(out, s.data_coding);
    append_u8(out, s.sm_default_msg_id);
    write_text(out, s.short_message);
    out.append(s.tlvs.octets);
}

void write(std::string&, const no_body&) {}

void write(std::string& out, const bind& b) {
    append_cstring(out, b.system_id);
    append_cstring(out, b.password);
    append_cstring(out, b.system_type);
    append_u8(out, b.interface_version);
    append_u8(out, b.addr_ton);
    append_u8(out, b.addr_npi);
    append_cstring(out, b.address_range);
}

void write(std::string& out, const bind_resp& b) {
    append_cstring(out, b.system_id);
    out.append(b.tlvs.octets);
}

void write(std::string& out, const outbind& b) {
    append_cstring(out, b.system_id);
    append_cstring(out, b.password);
}

void write(std::string& out, const sm& b) {
    append_cstring(out, b.service_type);
    write_address(out, b.source);
    write_address(out, b.destination);
    write_settings(out, b);
}

void write(std::string& out, const message_resp& b) {
    append_cstring(out, b.message_id);
    out.append(b.tlvs.octets);
}

void write(std::string& out, const submit_multi& b) {
    assert(b.targets.size() <= most_targets);
    append_cstring(out, b.service_type);
    write_address(out, b.source);
    append_u8(out, static_cast<std::uint8_t>(b.targets.size()));
    for (const auto& target : b.targets) {
        const bool is_address = target.list_name.empty();
        append_u8(out, is_address ? 1 : 2);
        if (is_address)
            write_address(out, target.to);
        else
            append_cstring(out, target.list_name);
    }
    write_settings(out, b);
}

void write(std::string& out, const submit_multi_resp& b) {
    assert(b.failures.size() <= most_failures);
    append_cstring(out, b.message_id);
    append_u8(out, static_cast<std::uint8_t>(b.failures.size()));
    for (const auto& f : b.failures) {
        write_address(out, f.to);
        append_u32(out, static_cast<std::uint32_t>(f.error));
    }
    out.append(b.tlvs.octets);
}

void write(std::string& out, const data_sm& b) {
    append_cstring(out, b.service_type);
    write_address(out, b.source);
    write_address(out, b.destination);
    append_u8(out, b.esm_class);
    append_u8(out, b.registered_delivery);
    append_u8(out, b.data_coding);
    out.append(b.tlvs.octets);
}

void write(std::string& out, const query_sm& b) {
    append_cstring(out, b.message_id);
    write_address(out, b.source);
}

void write(std::string& out, const query_sm_resp& b) {
    append_cstring(out, b.message_id);
    append_cstring(out, b.final_date);
    append_u8(out, b.message_state);
    append_u8(out, b.error_code);
    out.append(b.tlvs.octets);
}

void write(std::string& out, const cancel_sm& b) {
    append_cstring(out, b.service_type);
    append_cstring(out, b.message_id);
    write_address(out, b.source);
    write_address(out, b.destination);
}

void write(std::string& out, const replace_sm& b) {
    append_cstring(out, b.message_id);
    write_address(out, b.source);
    append_cstring(out, b.schedule_delivery_time);
    append_cstring(out, b.validity_period);
    append_u8(out, b.registered_delivery);
    append_u8(out, b.sm_default_msg_id);
    write_text(out, b.short_message);
    out.append(b.tlvs.octets);
}

void write(std::string& out, const alert_notification& b) {
    write_address(out, b.source);
    write_address(out, b.esme);
    out.append(b.tlvs.octets);
}

template <class Body>
void write_pdu(std::string& out, command id, status code, std::uint32_t sequence, const Body& b) {
    const auto begin = out.size();
    encode_header(out, id, code, sequence);
    write(out, b);
    sdk::put_u32(out, begin, static_cast<std::uint32_t>(out.size() - begin));
}

struct limit {
    std::string_view field, value;
    std::size_t most; // octets without the NUL
};

template <std::size_t Count>
std::string_view first_oversized(const limit (&limits)[Count]) {
    for (const auto& one : limits)
        if (one.value.size() > one.most || one.value.find('\0') != std::string_view::npos)
            return one.field;
    return {};
}

} // namespace

void encode_header(std::string& out, command id, status code, std::uint32_t sequence) {
    append_u32(out, header_size);
    append_u32(out, static_cast<std::uint32_t>(id));
    append_u32(out, static_cast<std::uint32_t>(code));
    append_u32(out, sequence);
}

void encode_sm(std::string& out, command id, std::uint32_t sequence, const sm& b) {
    write_pdu(out, id, status::ok, sequence, b);
}

void encode_message_resp(std::string& out, command id, status code, std::uint32_t sequence,
                         std::string_view message_id, tlv_block tlvs) {
    write_pdu(out, id, code, sequence, message_resp{message_id, tlvs});
}

void encode(std::string& out, const pdu& p) {
    std::visit([&](const auto& b) { write_pdu(out, p.head.id, p.head.status, p.head.sequence, b); },
               p.body);
}

void append_answer(std::string& out, const decode_error& error) {
    if (error.react == decode_error::drop)
        return;
    // Only the commands we know have a response of their own.
    const auto own = response_to(error.head.id);
    const bool known = !name(error.head.id).empty() && !name(own).empty();
    encode_header(out, known ? own : command::generic_nack, error.status, error.head.sequence);
}

std::string_view oversized_field(const sm& b) noexcept {
    const limit limits[] = {
        {"service_type", b.service_type, 5},
        {"source_addr", b.source.digits, 20},
        {"destination_addr", b.destination.digits, 20},
        {"schedule_delivery_time", b.schedule_delivery_time, 16},
        {"validity_period", b.validity_period, 16},
    };
    if (b.short_message.size() > 254)
        return "short_message";
    return first_oversized(limits);
}

std::string_view oversized_field(const bind& b) noexcept {
    const limit limits[] = {
        {"system_id", b.system_id, 15},
        {"password", b.password, 8},
        {"system_type", b.system_type, 12},
        {"address_range", b.address_range, 40},
    };
    return first_oversized(limits);
}

std::string_view name(command id) noexcept {
    switch (id) {
    case command::bind_receiver:
        return "bind_receiver";
    case command::bind_transmitter:
        return "bind_transmitter";
    case command::query_sm:
        return "query_sm";
    case command::submit_sm:
        return "submit_sm";
    case command::deliver_sm:
        return "deliver_sm";
    case command::unbind:
        return "unbind";
    case command::replace_sm:
        return "replace_sm";
    case command::cancel_sm:
        return "cancel_sm";
    case command::bind_transceiver:
        return "bind_transceiver";
    case command::outbind:
        return "outbind";
    case command::enquire_link:
        return "enquire_link";
    case command::submit_multi:
        return "submit_multi";
    case command::alert_notification:
        return "alert_notification";
    case command::data_sm:
        return "data_sm";
    case command::generic_nack:
        return "generic_nack";
    case command::bind_receiver_resp:
        return "bind_receiver_resp";
    case command::bind_transmitter_resp:
        return "bind_transmitter_resp";
    case command::query_sm_resp:
        return "query_sm_resp";
    case command::submit_sm_resp:
        return "submit_sm_resp";
    case command::deliver_sm_resp:
        return "deliver_sm_resp";
    case command::unbind_resp:
        return "unbind_resp";
    case command::replace_sm_resp:
        return "replace_sm_resp";
    case command::cancel_sm_resp:
        return "cancel_sm_resp";
    case command::bind_transceiver_resp:
        return "bind_transceiver_resp";
    case command::enquire_link_resp:
        return "enquire_link_resp";
    case command::submit_multi_resp:
        return "submit_multi_resp";
    case command::data_sm_resp:
        return "data_sm_resp";
    }
    return {};
}

} // namespace posthorn::smpp

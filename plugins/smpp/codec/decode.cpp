// Octets to PDUs. Liberal in what a response or a receipt may look like, exact with requests.
#include "smpp/codec/octets.hpp"
#include "smpp/codec/pdu.hpp"
#include "smpp/codec/receipt.hpp"

namespace posthorn::smpp {

namespace {

using failure = std::optional<decode_error>;

failure fail(const header& head, status code, std::string_view what,
             decode_error::reaction react = decode_error::answer) {
    if (is_response(head.id))
        react = decode_error::drop;
    return decode_error{head, code, react, what};
}

failure unterminated(const header& head) {
    return fail(head, status::invalid_command_length, "a field runs past the end of the PDU");
}

address read_address(octet_reader& in) {
    address a;
    a.ton = in.u8();
    a.npi = in.u8();
    a.digits = in.cstring();
    return a;
}

// What follows the last mandatory field. Octets that make no TLV break a request, but are ignored
// where an error would lose something: on responses and receipts, where they are seen in the field.
failure read_tlvs(octet_reader& in, pdu& out, tlv_block& tlvs, bool lenient) {
    if (in.rest().empty())
        return std::nullopt;
    const auto whole = whole_tlvs(in.rest());
    if (whole != in.rest().size()) {
        if (!lenient)
            return fail(out.head, status::broken_tlvs, "the optional parameters are cut short");
        ++out.oddities;
    }
    tlvs.octets = in.octets(whole);
    out.oddities += odd_tlvs(tlvs);
    return std::nullopt;
}

// A user data header (its first octet is its length) must lie within the text.
bool udh_fits(std::uint8_t esm_class, std::string_view text) {
    return (esm_class & 0x40) == 0 || (!text.empty() && octet_at(text, 0) < text.size());
}

failure read_settings(octet_reader& in, pdu& out, sm_settings& s, bool submitted) {
    s.esm_class = in.u8();
    s.protocol_id = in.u8();
    s.priority_flag = in.u8();
    s.schedule_delivery_time = in.cstring();
    s.validity_period = in.cstring();
    s.registered_delivery = in.u8();
    s.replace_if_present_flag = in.u8();
    s.data_coding = in.u8();
    s.sm_default_msg_id = in.u8();
    const std::size_t length = in.u8();
    if (!in.ok())
        return unterminated(out.head);
    if (length > in.rest().size())
        return fail(out.head, status::invalid_message_length, "sm_length runs past the PDU");
    s.short_message = in.octets(length);
    // What a phone or a receipt says is too dear to refuse for a TLV, unless it was the text itself.
    const bool readable = is_receipt(s.esm_class) || length > 0;
    if (auto failed = read_tlvs(in, out, s.tlvs, readable && !submitted))
        return failed;
    // A text from a phone is too dear to refuse for a broken header: its reader looks again.
    if (submitted && !udh_fits(s.esm_class, s.text()))
        return fail(out.head, status::invalid_esm_class,
                    "esm_class announces a user data header that is longer than the text");
    return std::nullopt;
}

failure read(octet_reader& in, pdu& out, sm& b) {
    b.service_type = in.cstring();
    b.source = read_address(in);
    b.destination = read_address(in);
    return read_settings(in, out, b, out.head.id == command::submit_sm);
}

failure read(octet_reader& in, pdu& out, message_resp& b) {
    const auto rest = in.rest();
    const auto end = rest.find('\0');
    b.message_id = rest.substr(0, end);
    if (end == std::string_view::npos) {
        ++out.oddities;
        return std::nullopt;
    }
    in.octets(end + 1);
    return read_tlvs(in, out, b.tlvs, true);
}

failure read(octet_reader& in, pdu& out, bind& b) {
    b.system_id = in.cstring();
    b.password = in.cstring();
    b.system_type = in.cstring();
    b.interface_version = in.u8();
    b.addr_ton = in.u8();
    b.addr_npi = in.u8();
    b.address_range = in.cstring();
    if (!in.ok())
        return fail(out.head, status::invalid_command_length,
                    "a field of the bind runs past the end of the PDU",
                    decode_error::answer_and_close);
    if (!in.rest().empty())
        ++out.oddities; // a bind has no TLVs, but some clients add them
    return std::nullopt;
}

failure read(octet_reader& in, pdu& out, bind_resp& b) {
    b.system_id = in.cstring();
    if (!in.ok()) {
        ++out.oddities; // the status says what matters
        return std::nullopt;
    }
    return read_tlvs(in, out, b.tlvs, true);
}

failure read(octet_reader& in, pdu& out, outbind& b) {
    b.system_id = in.cstring();
    b.password = in.cstring();
    return in.ok() ? std::nullopt : unterminated(out.head);
}

failure read(octet_reader& in, pdu& out, submit_multi& b) {
    b.service_type = in.cstring();
    b.source = read_address(in);
    const unsigned count = in.u8();
    if (in.ok() && (count == 0 || count > most_targets))
        return fail(out.head, status::invalid_number_of_destinations,
                    "number_of_dests is not 1 to 254");
    for (unsigned i = 0; i < count && in.ok(); ++i) {
        submit_multi::target target;
        switch (in.u8()) {
        case 1:
            target.to = read_address(in);
            break;
        case 2:
            target.list_name = in.cstring();
            break;
        default:
            return fail(out.head, status::invalid_destination_flag,
                        "dest_flag is neither 1 (address) nor 2 (list)");
        }
        b.targets.push_back(target);
    }
    if (!in.ok())
        return unterminated(out.head);
    return read_settings(in, out, b, true);
}

failure read(octet_reader& in, pdu& out, submit_multi_resp& b) {
    b.message_id = in.cstring();
    const unsigned count = in.u8();
    for (unsigned i = 0; i < count && in.ok(); ++i) {
        submit_multi_resp::failure one;
        one.to = read_address(in);
        one.error = static_cast<status>(in.u32());
        b.failures.push_back(one);
    }
    if (!in.ok())
        return unterminated(out.head);
    return read_tlvs(in, out, b.tlvs, true);
}

failure read(octet_reader& in, pdu& out, data_sm& b) {
    b.service_type = in.cstring();
    b.source = read_address(in);
    b.destination = read_address(in);
    b.esm_class = in.u8();
    b.registered_delivery = in.u8();
    b.data_coding = in.u8();
    if (!in.ok())
        return unterminated(out.head);
    return read_tlvs(in, out, b.tlvs, is_receipt(b.esm_class));
}

failure read(octet_reader& in, pdu& out, query_sm& b) {
    b.message_id = in.cstring();
    b.source = read_address(in);
    return in.ok() ? std::nullopt : unterminated(out.head);
}

failure read(octet_reader& in, pdu& out, query_sm_resp& b) {
    b.message_id = in.cstring();
    b.final_date = in.cstring();
    b.message_state = in.u8();
    b.error_code = in.u8();
    if (!in.ok())
        return unterminated(out.head);
    return read_tlvs(in, out, b.tlvs, true);
}

failure read(octet_reader& in, pdu& out, cancel_sm& b) {
    b.service_type = in.cstring();
    b.message_id = in.cstring();
    b.source = read_address(in);
    b.destination = read_address(in);
    return in.ok() ? std::nullopt : unterminated(out.head);
}

failure read(octet_reader& in, pdu& out, replace_sm& b) {
    b.message_id = in.cstring();
    b.source = read_address(in);
    b.schedule_delivery_time = in.cstring();
    b.validity_period = in.cstring();
    b.registered_delivery = in.u8();
    b.sm_default_msg_id = in.u8();
    const std::size_t length = in.u8();
    if (!in.ok())
        return unterminated(out.head);
    if (length > in.rest().size())
        return fail(out.head, status::invalid_message_length, "sm_length runs past the PDU");
    b.short_message = in.octets(length);
    return read_tlvs(in, out, b.tlvs, false);
}

failure read(octet_reader& in, pdu& out, alert_notification& b) {
    b.source = read_address(in);
    b.esme = read_address(in);
    if (!in.ok())
        return decode_error{out.head, status::invalid_command_length, decode_error::drop,
                            "a field runs past the end of the PDU"};
    return read_tlvs(in, out, b.tlvs, true);
}

template <class Body>
failure read_as(octet_reader& in, pdu& out) {
    return read(in, out, out.body.emplace<Body>());
}

failure read_body(octet_reader& in, pdu& out) {
    switch (out.head.id) {
    case command::submit_sm:
    case command::deliver_sm:
        return read_as<sm>(in, out);
    case command::submit_sm_resp:
    case command::deliver_sm_resp:
    case command::data_sm_resp:
        return read_as<message_resp>(in, out);
    case command::bind_receiver:
    case command::bind_transmitter:
    case command::bind_transceiver:
        return read_as<bind>(in, out);
    case command::bind_receiver_resp:
    case command::bind_transmitter_resp:
    case command::bind_transceiver_resp:
        return read_as<bind_resp>(in, out);
    case command::outbind:
        return read_as<outbind>(in, out);
    case command::submit_multi:
        return read_as<submit_multi>(in, out);
    case command::submit_multi_resp:
        return read_as<submit_multi_resp>(in, out);
    case command::data_sm:
        return read_as<data_sm>(in, out);
    case command::query_sm:
        return read_as<query_sm>(in, out);
    case command::query_sm_resp:
        return read_as<query_sm_resp>(in, out);
    case command::cancel_sm:
        return read_as<cancel_sm>(in, out);
    case command::replace_sm:
        return read_as<replace_sm>(in, out);
    case command::alert_notification:
        return read_as<alert_notification>(in, out);
    case command::unbind:
    case command::unbind_resp:
    case command::enquire_link:
    case command::enquire_link_resp:
    case command::generic_nack:
    case command::cancel_sm_resp:
    case command::replace_sm_resp:
        if (!in.rest().empty())
            ++out.oddities;
        return std::nullopt;
    }
    return fail(out.head, status::invalid_command_id, "unknown command_id");
}

} // namespace

header read_header(std::string_view octets) noexcept {
    return {u32_at(octets, 0), static_cast<command>(u32_at(octets, 4)),
            static_cast<status>(u32_at(octets, 8)), u32_at(octets, 12)};
}

std::optional<decode_error> decode(std::string_view octets, pdu& out) {
    out.oddities = 0;
    out.body.emplace<no_body>();
    if (octets.size() < header_size)
        return decode_error{{},
                            status::invalid_command_length,
                            decode_error::answer_and_close,
                            "shorter than a PDU header"};
    out.head = read_header(octets);
    octet_reader in(octets.substr(header_size));
    if (in.rest().empty() && is_response(out.head.id) && !name(out.head.id).empty())
        return std::nullopt; // the body is left out: usual with an error status
    return read_body(in, out);
}

} // namespace posthorn::smpp

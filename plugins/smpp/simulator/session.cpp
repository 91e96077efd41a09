// Which PDU gets which answer (the server table of SMPP 3.4).
#include "smpp/simulator/session.hpp"

#include "sdk/octets.hpp"
#include "smpp/codec/framer.hpp"
#include "smpp/codec/octets.hpp"
#include "smpp/codec/status.hpp"

namespace posthorn::smpp::simulator {

session::session(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls,
                 message_centre& shared, gone_handler gone)
    : link(std::move(socket), tls, shared, framer::shape_of(framer::default_limit),
           std::move(gone)),
      centre_(shared) {}

bool session::may_submit() const {
    return role_ == role::transmitter || role_ == role::transceiver;
}

void session::on_broken_stream(bool nack) {
    if (nack)
        encode_header(out(), command::generic_nack, status::invalid_command_length, 0);
}

void session::on_packet(std::string_view octets) {
    const auto error = decode(octets, pdu_);
    if (!error) {
        on_request(pdu_);
        return;
    }
    count_broken();
    append_answer(out(), *error);
    if (error->react == decode_error::answer_and_close)
        close_when_written(false);
}

void session::on_request(const pdu& p) {
    switch (p.head.id) {
    case command::submit_sm:
        return on_submit(p, std::get<sm>(p.body));
    case command::data_sm:
        return on_data(p, std::get<data_sm>(p.body));
    case command::deliver_sm_resp:
    case command::generic_nack:
        return on_deliver_resp(p.head);
    case command::bind_receiver:
    case command::bind_transmitter:
    case command::bind_transceiver:
        return on_bind(p, std::get<bind>(p.body));
    case command::enquire_link:
        return refuse(p.head, status::ok);
    case command::unbind:
        refuse(p.head, status::ok);
        return close_when_written(false);
    case command::query_sm:
        return on_query(p, std::get<query_sm>(p.body));
    case command::cancel_sm:
        return on_cancel(p, std::get<cancel_sm>(p.body));
    case command::replace_sm: // we keep no texts
        return refuse(p.head, status::replace_failed);
    default:
        if (!is_response(p.head.id) && p.head.id != command::alert_notification &&
            p.head.id != command::outbind)
            refuse(p.head, status::invalid_command_id);
    }
}

void session::refuse(const header& head, smpp::status code) {
    encode_header(out(), response_to(head.id), code, head.sequence);
    count_packet();
}

void session::on_bind(const pdu& p, const bind& who) {
    if (role_ != role::unbound)
        return refuse(p.head, status::already_bound);
    auto refusal = status::ok;
    auto* const by = centre_.admit(who, refusal);
    if (!by) {
        ++centre_.counts().refused_binds;
        refuse(p.head, refusal);
        return close_when_written(false);
    }
    role_ = p.head.id == command::bind_transmitter ? role::transmitter
            : p.head.id == command::bind_receiver  ? role::receiver
                                                   : role::transceiver;
    std::string tlvs;
    tlvs_ = who.interface_version >= 0x34;
    if (tlvs_)
        append_tlv_u8(tlvs, tag::sc_interface_version, 0x34);
    pdu answer;
    answer.head.id = response_to(p.head.id);
    answer.head.sequence = p.head.sequence;
    answer.body = bind_resp{"posthorn-sim", {tlvs}};
    encode(out(), answer);
    count_packet();
    open(*by, role_ != role::transmitter);
}

void session::on_cancel(const pdu& p, const cancel_sm& which) {
    if (!may_submit())
        return refuse(p.head, status::wrong_bind_state);
    refuse(p.head, centre_.cancel(*who(), which.message_id));
}

void session::on_query(const pdu& p, const query_sm& which) {
    if (!may_submit())
        return refuse(p.head, status::wrong_bind_state);
    const auto state = centre_.query(*who(), which.message_id);
    if (!state)
        return refuse(p.head, status::query_failed);
    pdu answer;
    answer.head.id = response_to(p.head.id);
    answer.head.sequence = p.head.sequence;
    answer.body = query_sm_resp{.message_id = which.message_id,
                                .final_date = {},
                                .message_state = static_cast<std::uint8_t>(*state)};
    encode(out(), answer);
    count_packet();
}

void session::on_data(const pdu& p, const data_sm& data) {
    sm text;
    text.service_type = data.service_type;
    text.source = data.source;
    text.destination = data.destination;
    text.esm_class = data.esm_class;
    text.registered_delivery = data.registered_delivery;
    text.data_coding = data.data_coding;
    text.tlvs = data.tlvs;
    on_submit(p, text);
}

void session::on_submit(const pdu& p, const sm& text) {
    if (!may_submit())
        return refuse(p.head, status::wrong_bind_state);
    take_text(submitted_sm(centre_, text), p.head.sequence);
}

void session::write_response(const carrier::verdict& answer, bool wrong_sequence) {
    const auto& head = pdu_.head;
    const auto code = static_cast<status>(answer.status);
    const auto sequence = head.sequence + (wrong_sequence ? 0x01000000U : 0U);
    if (code != status::ok)
        return encode_header(out(), response_to(head.id), code, sequence);
    std::string tlvs;
    if (centre_.faults().strikes(fault::unknown_tlv))
        append_tlv(tlvs, 0x1500, "posthorn-sim");
    encode_message_resp(out(), response_to(head.id), code, sequence, answer.id, {tlvs});
}

void session::write_delivery(delivery& item, std::uint32_t sequence) {
    const auto size = item.octets.size() - (tlvs_ ? 0 : item.tail_size);
    const auto begin = out().size();
    sdk::put_u32(item.octets, 12, sequence);
    out().append(item.octets, 0, size);
    sdk::put_u32(out(), begin, static_cast<std::uint32_t>(size)); // command_length
}

void session::write_test() {
    encode_header(out(), command::enquire_link, status::ok, test_sequence);
}

void session::on_deliver_resp(const header& head) {
    // A nack says that it cannot be read: sending it again would not help.
    const auto code = head.id == command::generic_nack && head.status == status::ok
                          ? status::unknown_error
                          : head.status;
    delivered(head.sequence, static_cast<std::uint32_t>(code),
              carrier::reception_of(classify(code)));
}

} // namespace posthorn::smpp::simulator

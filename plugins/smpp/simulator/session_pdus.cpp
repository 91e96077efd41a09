// The SMPP side of a link: which PDU gets which answer (the server table of SMPP 3.4).
#include "smpp/codec/octets.hpp"
#include "smpp/codec/status.hpp"
#include "smpp/simulator/session.hpp"

namespace posthorn::smpp::simulator {

namespace {

// Sequence numbers of deliver_sm start again from 1 once they come here and all are answered.
constexpr std::uint32_t last_delivery = 0x70000000;
// How far the numbers may run ahead of one that is never answered.
constexpr std::size_t most_ahead = 16;

void write_u32(std::string& octets, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i)
        octets[at + i] = static_cast<char>(value >> (24 - 8 * i));
}

} // namespace

bool session::may_submit() const {
    return role_ == role::transmitter || role_ == role::transceiver;
}

bool session::may_receive() const { return role_ == role::receiver || role_ == role::transceiver; }

void session::take_pdus() {
    std::string_view octets;
    while (!closed_ && !closing_) {
        const auto outcome = framer_.next(octets);
        if (outcome == framer::more)
            return;
        if (outcome == framer::broken) {
            ++carrier_.counts().broken;
            if (framer_.worth_a_nack() && !mute_)
                encode_header(out_, command::generic_nack, status::invalid_command_length, 0);
            close_when_written(false);
            return;
        }
        ++carrier_.counts().pdus_in;
        if (!mute_)
            on_pdu(octets);
    }
}

void session::on_pdu(std::string_view octets) {
    const auto error = decode(octets, pdu_);
    if (!error) {
        on_request(pdu_);
        return;
    }
    ++carrier_.counts().broken;
    append_answer(out_, *error);
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
    encode_header(out_, response_to(head.id), code, head.sequence);
    ++carrier_.counts().pdus_out;
}

void session::on_bind(const pdu& p, const bind& who) {
    if (role_ != role::unbound)
        return refuse(p.head, status::already_bound);
    auto refusal = status::ok;
    account_ = carrier_.admit(who, refusal);
    if (!account_) {
        ++carrier_.counts().refused_binds;
        refuse(p.head, refusal);
        return close_when_written(false);
    }
    role_ = p.head.id == command::bind_transmitter ? role::transmitter
            : p.head.id == command::bind_receiver  ? role::receiver
                                                   : role::transceiver;
    ++carrier_.counts().binds;
    std::string tlvs;
    tlvs_ = who.interface_version >= 0x34;
    if (tlvs_)
        append_tlv_u8(tlvs, tag::sc_interface_version, 0x34);
    pdu answer;
    answer.head.id = response_to(p.head.id);
    answer.head.sequence = p.head.sequence;
    answer.body = bind_resp{"posthorn-sim", {tlvs}};
    encode(out_, answer);
    ++carrier_.counts().pdus_out;
    if (may_receive()) {
        account_->box.join(*this);
        carrier_.receiver_bound(*account_);
    }
}

void session::on_cancel(const pdu& p, const cancel_sm& which) {
    if (!may_submit())
        return refuse(p.head, status::wrong_bind_state);
    refuse(p.head, carrier_.cancel(*account_, which.message_id));
}

void session::on_query(const pdu& p, const query_sm& which) {
    if (!may_submit())
        return refuse(p.head, status::wrong_bind_state);
    const auto state = carrier_.state_of(*account_, which.message_id);
    if (!state)
        return refuse(p.head, status::query_failed);
    pdu answer;
    answer.head.id = response_to(p.head.id);
    answer.head.sequence = p.head.sequence;
    answer.body = query_sm_resp{.message_id = which.message_id,
                                .final_date = {},
                                .message_state = static_cast<std::uint8_t>(*state)};
    encode(out_, answer);
    ++carrier_.counts().pdus_out;
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
    auto& faults = carrier_.faults();
    if (faults.strikes(fault::half_open)) {
        mute_ = true;
        return;
    }
    holds_deliveries_ |= faults.strikes(fault::receipts_stop);
    const auto window = carrier_.settings().window;
    const bool too_many = window > 0 && unanswered_ >= window;
    const auto answer = carrier_.take(*account_, text, p.head.sequence, too_many);
    if (faults.strikes(fault::reset_before_response))
        return close_when_written(true);
    ++unanswered_;
    if (faults.strikes(fault::no_response))
        return;
    if (faults.strikes(fault::garbage)) {
        out_.append("\xDE\xAD\xBE\xEF this is no SMPP, and never was");
        return;
    }
    respond(p, answer);
    if (faults.strikes(fault::reset_after_response))
        close_when_written(true);
}

void session::respond(const pdu& p, const carrier::verdict& answer) {
    auto& faults = carrier_.faults();
    const auto sequence =
        p.head.sequence + (faults.strikes(fault::wrong_sequence) ? 0x01000000U : 0U);
    ++carrier_.counts().responses[answer.status];
    ++carrier_.counts().pdus_out;
    const auto begin = out_.size();
    if (answer.status != status::ok) {
        encode_header(out_, response_to(p.head.id), answer.status, sequence);
    } else {
        std::string tlvs;
        if (faults.strikes(fault::unknown_tlv))
            append_tlv(tlvs, 0x1500, "posthorn-sim");
        encode_message_resp(out_, response_to(p.head.id), answer.status, sequence, answer.id,
                            {tlvs});
    }
    const auto delay = carrier_.settings().response_delay + answer.hold_back;
    if (delay.count() == 0) {
        ++out_responses_;
        return;
    }
    hold_response(delay, std::string_view(out_).substr(begin));
    out_.resize(begin);
}

bool session::has_room() const {
    const std::size_t window = carrier_.settings().deliver_window;
    return !closed_ && !closing_ && !mute_ && !holds_deliveries_ && delivered_open_ < window &&
           delivered_.size() < window * most_ahead &&
           (delivered_.empty() || first_sequence_ + delivered_.size() < last_delivery);
}

void session::deliver(delivery item) {
    if (delivered_.empty() && first_sequence_ >= last_delivery)
        first_sequence_ = 1;
    const auto sequence = first_sequence_ + static_cast<std::uint32_t>(delivered_.size());
    const auto size = item.octets.size() - (tlvs_ ? 0 : item.tlvs_size);
    const auto begin = out_.size();
    write_u32(item.octets, 12, sequence);
    out_.append(item.octets, 0, size);
    write_u32(out_, begin, static_cast<std::uint32_t>(size)); // command_length
    ++carrier_.counts().pdus_out;
    carrier_.sent(item, sequence);
    delivered_.emplace_back(std::move(item));
    ++delivered_open_;
}

void session::on_deliver_resp(const header& head) {
    const std::size_t at = head.sequence - first_sequence_;
    if (!account_ || at >= delivered_.size() || !delivered_[at])
        return; // not ours, or answered twice
    auto item = std::move(*delivered_[at]);
    delivered_[at].reset();
    --delivered_open_;
    while (!delivered_.empty() && !delivered_.front()) {
        delivered_.pop_front();
        ++first_sequence_;
    }
    // A nack says that it cannot be read: sending it again would not help.
    const auto code = head.id == command::generic_nack && head.status == status::ok
                          ? status::unknown_error
                          : head.status;
    carrier_.answered(*account_, std::move(item), head.sequence, code);
}

} // namespace posthorn::smpp::simulator

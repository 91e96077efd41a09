#include "sdk/link/printable.hpp"
#include "smpp/adapter/session.hpp"

#include <utility>

namespace posthorn::smpp {

namespace {

// Takes as long whatever differs.
bool same_secret(std::string_view a, std::string_view b) {
    unsigned different = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < a.size(); ++i)
        different |= static_cast<unsigned>(a[i] != (b.empty() ? '\0' : b[i % b.size()]));
    return different == 0;
}

// What a carrier answers that takes no TLVs, or not ours.
bool blames_tlvs(status code) {
    return code == status::broken_tlvs || code == status::tlv_not_allowed ||
           code == status::invalid_tlv_length || code == status::invalid_tlv_value;
}

} // namespace

void session::take_all(std::size_t octets) {
    now_ = heard_ = clock::now();
    unanswered_enquiries_ = 0;
    corked_ = true;
    framer_.commit(octets);
    bool whole = false;
    auto outcome = framer::more;
    std::string_view next;
    while (!deaf_ && state_ != state::closed && (outcome = framer_.next(next)) == framer::pdu) {
        whole = true;
        take(next);
    }
    const bool waiting = outcome == framer::more && framer_.pending() > 0;
    if (waiting && (whole || !partial_))
        begun_ = now_;
    partial_ = waiting;
    if (partial_)
        wake_by(begun_ + settings_.inactivity);
    if (outcome == framer::broken)
        take_broken_stream();
    give_verdicts(); // first: a receipt in this read may be of a text answered in it
    hand_over_arrivals();
    corked_ = false;
    flush();
    give_verdicts(); // of what the host submitted meanwhile
    if (state_ == state::draining && all_answered())
        unbind();
}

// There is no next PDU to be found in such a stream.
void session::take_broken_stream() {
    deaf_ = true;
    const auto why = "not SMPP: " + framer_.problem();
    if (!framer_.worth_a_nack())
        return close(why);
    encode_header(out_.tail(), command::generic_nack, status::invalid_command_length, 0);
    hang_up(why);
}

void session::take(std::string_view octets) {
    if (const auto error = decode(octets, pdu_))
        return take_broken(*error);
    if (pdu_.oddities > 0)
        host_.log(sdk::level::debug, "odd PDU command=" + std::string(name(pdu_.head.id)) +
                                         " ignored=" + std::to_string(pdu_.oddities));
    if (is_response(pdu_.head.id))
        take_answer(pdu_);
    else
        take_request(pdu_);
}

void session::take_broken(const decode_error& error) {
    host_.log(sdk::level::warn, "bad PDU command=" + std::string(name(error.head.id)) + " \"" +
                                    std::string(error.what) + "\"");
    append_answer(out_.tail(), error);
    if (error.react == decode_error::answer_and_close) {
        deaf_ = true;
        return hang_up("the carrier sent a broken PDU: " + std::string(error.what));
    }
    // Its header says what became of the unit, only the carrier's id is lost.
    if (error.head.id == command::submit_sm_resp)
        take_submit_answer(error.head, {});
}

void session::take_request(const pdu& p) {
    if (hanging_up_)
        return; // the carrier will say it again to the next session
    switch (p.head.id) {
    case command::deliver_sm:
        return arrivals_.take(p.head, std::get<sm>(p.body), settings_);
    case command::data_sm:
        return arrivals_.take(p.head, std::get<data_sm>(p.body), settings_);
    case command::enquire_link:
        return encode_header(out_.tail(), command::enquire_link_resp, status::ok, p.head.sequence);
    case command::unbind:
        return take_unbind(p);
    case command::outbind:
        return take_outbind(std::get<outbind>(p.body));
    case command::alert_notification: // has no answer, as outbind
        return host_.log(sdk::level::debug, "ignored command=" + std::string(name(p.head.id)));
    default:
        host_.log(sdk::level::warn, "unexpected command=" + std::string(name(p.head.id)));
        encode_header(out_.tail(), command::generic_nack, status::invalid_command_id,
                      p.head.sequence);
    }
}

// Answered when what is under way has its answers, or the carrier would never hear of them.
void session::take_unbind(const pdu& p) {
    if (state_ == state::bound || state_ == state::draining) {
        unbind_asked_ = p.head.sequence;
        return drain("the carrier ended the session (unbind)");
    }
    encode_header(out_.tail(), command::unbind_resp, status::ok, p.head.sequence);
    hang_up("the carrier ended the session (unbind)");
}

void session::take_answer(const pdu& p) {
    switch (p.head.id) {
    case command::bind_transceiver_resp:
    case command::bind_transmitter_resp:
    case command::bind_receiver_resp:
        return take_bind_answer(p);
    case command::submit_sm_resp: {
        const auto* fields = std::get_if<message_resp>(&p.body);
        return take_submit_answer(p.head, fields ? fields->message_id : std::string_view{});
    }
    case command::cancel_sm_resp:
    case command::query_sm_resp:
        return take_ask_answer(p);
    case command::generic_nack:
        return take_nack(p.head);
    case command::unbind_resp:
        if (state_ == state::unbinding && p.head.sequence == unbind_sequence_)
            close("unbound");
        return;
    case command::enquire_link_resp: // any octet says that the carrier lives
        return take_enquiry_answer(p.head.sequence);
    default:
        host_.log(sdk::level::debug, "ignored command=" + std::string(name(p.head.id)));
    }
}

void session::take_bind_answer(const pdu& p) {
    if (state_ != state::binding)
        return host_.log(sdk::level::debug, "ignored command=" + std::string(name(p.head.id)));
    if (p.head.sequence != bind_sequence_)
        return close("answer to a bind that was not ours");
    if (p.head.status != status::ok) {
        ending_.refused = p.head.status;
        return close("bind refused: " + code_word(p.head.status));
    }
    if (const auto* fields = std::get_if<bind_resp>(&p.body)) {
        peer_interface_ = fields->tlvs.find_u8(tag::sc_interface_version).value_or(0);
        reference_ = settings_.reference && peer_interface_ >= 0x34;
        peer_ = printable(fields->system_id, 64);
    }
    enter(state::bound, clock::duration::max());
    bound_ = open_ = true;
    bind_took_ = now_ - bound_at_;
    bound_at_ = now_;
    wake_by(now_ + settings_.enquire_link);
    host_.log(sdk::level::info,
              "bound host=" + settings_.place() + " as=" + std::string(name(role_)) +
                  " tls=" + (tls_stream_ ? SSL_get_version(tls_stream_->native_handle()) : "no") +
                  " system_id=" + settings_.system_id + " peer=\"" + peer_ +
                  "\" reference=" + (reference_ ? "yes" : "no"));
    opened_(true, "bound to " + settings_.place());
}

// The carrier has dialled us: it must say who it is before it hears our password.
void session::take_outbind(const outbind& from) {
    if (state_ != state::greeting)
        return host_.log(sdk::level::debug, "ignored command=outbind");
    boost::system::error_code gone;
    const auto caller = socket_.remote_endpoint(gone);
    if (gone || wants_tls(settings_, caller.address()))
        return close("outbind refused: it is not encrypted; tls: off would allow it");
    const auto& password = settings_.outbind_password;
    if (password.empty() || !same_secret(from.password, password) ||
        from.system_id != settings_.outbind_system_id)
        return close("outbind refused: wrong system_id or password");
    begin_to_bind();
}

void session::take_submit_answer(const header& head, std::string_view id) {
    const auto unit = pending_.take(head.sequence);
    if (!unit)
        return judge_late(head, id);
    judge_unit(*unit, head, id);
}

// Its deadline has passed, and with it its verdict: what is said now is worth more than a guess.
void session::judge_late(const header& head, std::string_view id) {
    const auto unit = overdue_.extract(head.sequence);
    if (unit)
        overdue_in_a_row_ = 0;
    host_.log(sdk::level::debug, std::string(unit ? "late" : "unasked") +
                                     " answer sequence=" + std::to_string(head.sequence) +
                                     " code=" + code_word(head.status));
    if (!unit)
        return;
    const auto& asked = unit.mapped();
    auto verdict = judge_.answer(asked.handle, head.status, id, now_, asked.attempt);
    if (head.status == status::ok)
        account_.ids.answered(verdict.ref, asked.phone, asked.reference);
    verdict.late = true;
    verdicts_.push_back(std::move(verdict));
}

// One text may be what the carrier cannot read; three in a row, and we are out of step.
void session::unreadable(const std::string& why) {
    constexpr unsigned most = 3;
    if (++unreadable_ >= most)
        drain(why);
}

// The TLV that is a tag for ourselves is no reason to lose a text: it goes again without. All that
// left before the first such answer had the tag, and nothing after it has, so a unit comes here
// once in a session.
bool session::refused_for_tlvs(const pending_table::entry& unit, status code) {
    if (!blames_tlvs(code) || (!reference_ && unit.begin >= referenced_until_))
        return false;
    if (std::exchange(reference_, false)) {
        referenced_until_ = out_.appended();
        host_.log(sdk::level::warn, "no more user_message_reference to host=" + settings_.place() +
                                        " code=\"" + code_word(code) +
                                        "\": it announced that it understands them; receipts that "
                                        "repeat user_message_reference cannot be expected");
    }
    verdicts_.push_back(judge::once_more(unit.handle, code));
    return true;
}

void session::judge_unit(const pending_table::entry& unit, const header& head,
                         std::string_view id) {
    overdue_in_a_row_ = 0;
    if (refused_for_tlvs(unit, head.status))
        return;
    verdicts_.push_back(judge_.answer(unit.handle, head.status, id, now_, unit.attempt));
    if (head.status == status::ok && account_.ids.watching())
        account_.ids.answered(verdicts_.back().ref, unit.phone, unit.reference);
    if (head.status == status::ok && account_.watch.accepted(now_))
        wake_by(account_.watch.due());
    const auto why = "the carrier says " + code_word(head.status);
    if (head.status == status::ok)
        unreadable_ = 0;
    else if (head.status == status::invalid_command_length)
        unreadable(why);
    else if (judge_.class_of(head.status) == status_class::link)
        drain(why);
}

void session::take_nack(const header& head) {
    if (state_ == state::binding && head.sequence == bind_sequence_) {
        ending_.refused = head.status;
        return close("bind refused: generic_nack " + code_word(head.status));
    }
    const auto bad_frame = head.status == status::ok || head.status == status::invalid_command_id ||
                           head.status == status::invalid_command_length;
    if (nack_question(head))
        return;
    const auto unit = pending_.take(head.sequence);
    if (!unit && overdue_.contains(head.sequence)) {
        auto answer = head;
        if (bad_frame) // its `ok` says no more than that the request was not read
            answer.status = status::invalid_command_length;
        return judge_late(answer, {});
    }
    if (!unit)
        return host_.log(sdk::level::warn, "generic_nack code=\"" + code_word(head.status) +
                                               "\" for sequence=" + std::to_string(head.sequence));
    if (!bad_frame)
        return judge_unit(*unit, head, {});
    const auto why = "generic_nack " + code_word(head.status); // refused unread
    auto verdict = judge_.answer(unit->handle, status::invalid_command_length, {}, now_);
    verdict.code = why;
    verdicts_.push_back(std::move(verdict));
    unreadable("the carrier says " + why);
}

// Receipts and texts apart: a person waits for the answer to a text, and nobody for a receipt.
void session::hand_over_arrivals() {
    const auto acknowledge = [this](std::vector<acknowledgement>& acks) {
        unstored_ += acks.size();
        return [weak = weak_from_this(), acks = std::exchange(acks, {})] {
            if (const auto self = weak.lock())
                self->stored(acks);
        };
    };
    if (!arrivals_.texts.empty()) {
        texts_came_ = true;
        host_.arrived({}, std::exchange(arrivals_.texts, {}), acknowledge(arrivals_.of_texts));
    }
    if (arrivals_.receipts.empty())
        return;
    account_.watch.arrived();
    if (account_.ids.watching())
        for (const auto& r : arrivals_.receipts)
            account_.ids.arrived(r);
    host_.arrived(std::exchange(arrivals_.receipts, {}), {}, acknowledge(arrivals_.of_receipts));
}

} // namespace posthorn::smpp

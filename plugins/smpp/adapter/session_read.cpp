#include "sdk/link/printable.hpp"
#include "smpp/adapter/session.hpp"
#include "smpp/codec/receipt.hpp"

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

session::refusal refusal_of(status code) {
    if (code == status::invalid_password || code == status::invalid_system_id ||
        code == status::invalid_system_type)
        return session::refusal::by_our_name;
    return code == status::already_bound ? session::refusal::already_there
                                         : session::refusal::passing;
}

// What a carrier answers that takes no TLVs, or not ours.
bool blames_tlvs(status code) {
    return code == status::broken_tlvs || code == status::tlv_not_allowed ||
           code == status::invalid_tlv_length || code == status::invalid_tlv_value;
}

sdk::cancellation cancellation_of(status code) {
    using kind = sdk::cancellation::kind;
    if (code == status::ok)
        return {kind::cancelled, {}};
    const bool no = code == status::cancel_failed || code == status::invalid_message_id;
    return {no ? kind::too_late : kind::cannot, code_word(code)};
}

sdk::receipt_state state_of(message_state s) {
    return s == message_state::delivered ? sdk::receipt_state::delivered
           : s == message_state::expired ? sdk::receipt_state::expired
           : is_final(s)                 ? sdk::receipt_state::undelivered
                                         : sdk::receipt_state::enroute;
}

sdk::inquiry inquiry_of(const pdu& p) {
    using kind = sdk::inquiry::kind;
    if (p.head.status != status::ok)
        return {kind::cannot, {}, code_word(p.head.status)};
    const auto* fields = std::get_if<query_sm_resp>(&p.body);
    constexpr auto last = static_cast<std::uint8_t>(message_state::skipped);
    if (!fields || fields->message_state > last)
        return {kind::cannot, {}, "the carrier's answer has no state"};
    const auto state = static_cast<message_state>(fields->message_state);
    std::string code(stat_word(state));
    if (fields->error_code != 0)
        code += " err:" + std::to_string(fields->error_code);
    return {kind::known, state_of(state), std::move(code)};
}

} // namespace

void session::take_broken_stream(const sdk::framer& of) {
    if (!of.worth_a_nack())
        return sdk::session::take_broken_stream(of);
    encode_header(reply(), command::generic_nack, status::invalid_command_length, 0);
    hang_up("not SMPP: " + of.problem());
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
    append_answer(reply(), error);
    if (error.react == decode_error::answer_and_close) {
        be_deaf();
        return hang_up("the carrier sent a broken PDU: " + std::string(error.what));
    }
    // Its header says what became of the unit, only the carrier's id is lost.
    if (error.head.id == command::submit_sm_resp)
        take_submit_answer(error.head, {});
}

void session::take_request(const pdu& p) {
    if (hanging_up())
        return; // the carrier will say it again to the next session
    switch (p.head.id) {
    case command::deliver_sm:
        return reader_.take(p.head, std::get<sm>(p.body), settings_, arrivals_);
    case command::data_sm:
        return reader_.take(p.head, std::get<data_sm>(p.body), settings_, arrivals_);
    case command::enquire_link:
        return encode_header(reply(), command::enquire_link_resp, status::ok, p.head.sequence);
    case command::unbind:
        return take_goodbye(p.head.sequence);
    case command::outbind:
        return take_outbind(std::get<outbind>(p.body));
    case command::alert_notification: // has no answer, as outbind
        return host_.log(sdk::level::debug, "ignored command=" + std::string(name(p.head.id)));
    default:
        host_.log(sdk::level::warn, "unexpected command=" + std::string(name(p.head.id)));
        encode_header(reply(), command::generic_nack, status::invalid_command_id, p.head.sequence);
    }
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
        return cancelled(p.head.sequence, cancellation_of(p.head.status));
    case command::query_sm_resp:
        return told(p.head.sequence, inquiry_of(p));
    case command::generic_nack:
        return take_nack(p.head);
    case command::unbind_resp:
        return goodbye_answered(p.head.sequence);
    case command::enquire_link_resp: // any octet says that the carrier lives
        return test_answered(p.head.sequence);
    default:
        host_.log(sdk::level::debug, "ignored command=" + std::string(name(p.head.id)));
    }
}

void session::take_bind_answer(const pdu& p) {
    if (now_in() != state::logging_in)
        return host_.log(sdk::level::debug, "ignored command=" + std::string(name(p.head.id)));
    if (!is_login(p.head.sequence))
        return close("answer to a bind that was not ours");
    if (p.head.status != status::ok)
        return login_refused(refusal_of(p.head.status), code_word(p.head.status));
    if (const auto* fields = std::get_if<bind_resp>(&p.body)) {
        peer_interface_ = fields->tlvs.find_u8(tag::sc_interface_version).value_or(0);
        reference_ = settings_.reference && peer_interface_ >= 0x34;
        peer_ = sdk::printable(fields->system_id, 64);
    }
    logged_in("as=" + std::string(name(role_)) +
              " tls=" + (tls_stream_ ? SSL_get_version(tls_stream_->native_handle()) : "no") +
              " system_id=" + settings_.system_id + " peer=\"" + peer_ +
              "\" reference=" + (reference_ ? "yes" : "no"));
}

// The carrier has dialled us: it must say who it is before it hears our password.
void session::take_outbind(const outbind& from) {
    if (now_in() != state::greeting)
        return host_.log(sdk::level::debug, "ignored command=outbind");
    boost::system::error_code gone;
    const auto caller = socket().remote_endpoint(gone);
    if (gone || wants_tls(settings_, caller.address()))
        return close("outbind refused: it is not encrypted; tls: off would allow it");
    const auto& password = settings_.outbind_password;
    if (password.empty() || !same_secret(from.password, password) ||
        from.system_id != settings_.outbind_system_id)
        return close("outbind refused: wrong system_id or password");
    begin_to_log_in();
}

void session::take_submit_answer(const header& head, std::string_view id) {
    const auto unit = take_unit(head.sequence);
    if (unit && unit->late)
        judge_late(*unit, head, id);
    else if (unit)
        judge_unit(unit->unit, head, id);
}

void session::judge_late(const answered& unit, const header& head, std::string_view id) {
    const auto& asked = unit.unit;
    auto verdict = judge_.answer(asked.handle, head.status, id, now(), asked.attempt);
    if (head.status == status::ok)
        account_.ids.answered(verdict.ref, asked.note, asked.reference);
    give(unit, std::move(verdict));
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
bool session::refused_for_tlvs(const sdk::pending_table::entry& unit, status code) {
    if (!blames_tlvs(code) || (!reference_ && unit.begin >= referenced_until_))
        return false;
    if (std::exchange(reference_, false)) {
        referenced_until_ = out().appended();
        host_.log(sdk::level::warn, "no more user_message_reference to host=" + settings_.place() +
                                        " code=\"" + code_word(code) +
                                        "\": it announced that it understands them; receipts that "
                                        "repeat user_message_reference cannot be expected");
    }
    give(sdk::once_more(unit.handle, code_word(code)));
    return true;
}

void session::judge_unit(const sdk::pending_table::entry& unit, const header& head,
                         std::string_view id) {
    if (refused_for_tlvs(unit, head.status))
        return;
    auto verdict = judge_.answer(unit.handle, head.status, id, now(), unit.attempt);
    const auto why = "the carrier says " + verdict.code;
    if (head.status == status::ok) {
        unreadable_ = 0;
        if (account_.ids.watching())
            account_.ids.answered(verdict.ref, unit.note, unit.reference);
    }
    give(std::move(verdict));
    if (head.status == status::invalid_command_length)
        unreadable(why);
    else if (judge_.class_of(head.status) == status_class::link)
        drain(why);
}

void session::take_nack(const header& head) {
    const auto word = code_word(head.status);
    if (is_login(head.sequence))
        return login_refused(refusal_of(head.status), "generic_nack " + word);
    if (question_refused(head.sequence, "generic_nack " + word))
        return;
    const auto unit = take_unit(head.sequence);
    if (!unit)
        return host_.log(sdk::level::warn, "generic_nack code=\"" + word +
                                               "\" for sequence=" + std::to_string(head.sequence));
    const auto bad_frame = head.status == status::ok || head.status == status::invalid_command_id ||
                           head.status == status::invalid_command_length;
    auto answer = head;
    if (bad_frame) // its `ok` says no more than that the request was not read
        answer.status = status::invalid_command_length;
    if (unit->late)
        return judge_late(*unit, answer, {});
    if (!bad_frame)
        return judge_unit(unit->unit, head, {});
    const auto why = "generic_nack " + word; // refused unread
    auto verdict = judge_.answer(unit->unit.handle, answer.status, {}, now());
    verdict.code = why;
    give(std::move(verdict));
    unreadable("the carrier says " + why);
}

void session::receipts_came(std::span<const sdk::receipt> all) {
    if (account_.ids.watching())
        for (const auto& r : all)
            account_.ids.arrived(r);
}

} // namespace posthorn::smpp

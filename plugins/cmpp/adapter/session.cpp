#include "cmpp/adapter/session.hpp"

#include "cmpp/codec/report.hpp"
#include "cmpp/codec/results.hpp"
#include "sdk/china_number.hpp"
#include "sdk/china_time.hpp"
#include "sdk/link/printable.hpp"
#include "sdk/numerals.hpp"

#include <utility>

namespace posthorn::cmpp {

namespace {

// Msg_Id as we write it.
std::string ref_of(msg_id id) { return std::to_string(id); }

} // namespace

session::session(account_state& account, beginning how)
    : sdk::session(account.links, std::move(how)), account_(account), settings_(account.settings),
      as_(account.version), submission_(settings_) {}

void session::append_login(std::string& out, sdk::sequence_number sequence) {
    connect fields{.source_addr = settings_.source_addr,
                   .authenticator = {},
                   .version = static_cast<std::uint8_t>(as_),
                   .timestamp = sdk::month_to_second(sdk::china_clock(host_.now()))};
    proof_ = authenticator_source(settings_.source_addr, settings_.secret, fields.timestamp,
                                  settings_.auth_pad_source);
    fields.authenticator = octets_of(proof_);
    encode(out, as_,
           {.head = {.id = command::connect, .sequence = sequence.number}, .body = fields});
}

std::string session::append_submit(std::string& out, sdk::sequence_number sequence,
                                   const sdk::unit& u, sdk::instant now) {
    return submission_.append(out, as_, sequence.number, u, now);
}

void session::append_test(std::string& out, sdk::sequence_number sequence) {
    encode_header(out, command::active_test, sequence.number);
}

void session::append_goodbye(std::string& out, sdk::sequence_number sequence) {
    encode_header(out, command::terminate, sequence.number);
}

void session::append_goodbye_answer(std::string& out, sdk::sequence_number sequence) {
    encode_header(out, command::terminate_resp, sequence.number);
}

std::string session::append_cancel(std::string& out, sdk::sequence_number sequence,
                                   const sdk::accepted_part& which) {
    const auto id = sdk::whole_number<msg_id>(which.ref);
    if (!id)
        return "this is no Msg_Id of CMPP: " + which.ref;
    encode(out, as_,
           {.head = {.id = command::cancel, .sequence = sequence.number},
            .body = cmpp::cancel{.msg_id = *id}});
    return {};
}

std::string session::append_query(std::string&, sdk::sequence_number, const sdk::accepted_part&) {
    return "CMPP tells numbers of texts by day, not what became of one";
}

void session::about_link(sdk::finding& f) const {
    f.learned.emplace_back("logged in as", settings_.source_addr + " to " + settings_.place());
    f.learned.emplace_back("CMPP", sdk::shown_version(static_cast<std::uint8_t>(as_)));
    f.learned.emplace_back("the gateway knows", sdk::shown_version(peer_version_));
}

void session::take(std::string_view packet) {
    if (const auto why = decode(packet, as_, pdu_))
        return take_broken(*why);
    const auto sequence = pdu_.head.sequence;
    switch (pdu_.head.id) {
    case command::connect_resp:
        return take_connect_resp(std::get<connect_resp>(pdu_.body));
    case command::submit_resp:
        return take_submit_resp(std::get<message_resp>(pdu_.body));
    case command::deliver:
        return take_deliver(std::get<deliver>(pdu_.body));
    case command::active_test:
        return encode_header(reply(), command::active_test_resp, sequence);
    case command::active_test_resp:
        return test_answered(sequence);
    case command::cancel_resp: {
        const bool done = std::get<cancel_resp>(pdu_.body).success_id == 0;
        using kind = sdk::cancellation::kind;
        return cancelled(sequence, {done ? kind::cancelled : kind::too_late,
                                    done ? "" : "the gateway did not cancel it"});
    }
    case command::terminate:
        return take_goodbye(sequence);
    case command::terminate_resp:
        return goodbye_answered(sequence);
    default:
        host_.log(sdk::level::debug, "ignored command=" + std::string(name(pdu_.head.id)));
    }
}

// A DELIVER that nobody can read is answered, or the gateway would bring it again for ever.
void session::take_broken(std::string_view why) {
    const auto& head = pdu_.head;
    const auto word = name(head.id);
    host_.log(sdk::level::warn, "bad packet command=" +
                                    (word.empty() ? std::to_string(static_cast<unsigned>(head.id))
                                                  : std::string(word)) +
                                    " \"" + std::string(why) + "\"");
    if (head.id == command::deliver && now_in() >= state::up)
        encode_message_resp(reply(), as_, command::deliver_resp, head.sequence, {.result = 1});
}

bool session::is_proof(const connect_resp& answer) const {
    // Many gateways hash a Status of four octets whatever they send.
    for (const std::size_t width : {1U, 4U})
        if (octets_of(authenticator_ismg(answer.status, width, octets_of(proof_),
                                         settings_.secret)) == answer.authenticator)
            return true;
    return false;
}

void session::take_connect_resp(const connect_resp& answer) {
    if (!is_login(pdu_.head.sequence))
        return host_.log(sdk::level::debug, "ignored command=CONNECT_RESP");
    peer_version_ = answer.version;
    constexpr std::uint32_t version_too_high = 4;
    if (answer.status == version_too_high && as_ == dialect::v30 && answer.version < 0x30)
        return take_lower_version(answer.version);
    if (answer.status != 0) {
        const auto means = of_connect(answer.status);
        return login_refused(means.kind == sdk::result_class::config ? refusal::by_our_name
                                                                     : refusal::passing,
                             sdk::code_word(answer.status, means));
    }
    if (settings_.verify_ismg != proof_check::off && !is_proof(answer)) {
        if (settings_.verify_ismg == proof_check::strict)
            return login_refused(refusal::by_our_name, "the gateway does not know the secret");
        if (!std::exchange(account_.proof_warned, true))
            host_.log(sdk::level::warn,
                      "AuthenticatorISMG is wrong host=" + settings_.place() +
                          ": many gateways compute it wrongly; verify_ismg: off if this one does");
    }
    logged_in("source_addr=" + settings_.source_addr +
              " version=" + sdk::shown_version(static_cast<std::uint8_t>(as_)) +
              " peer_version=" + sdk::shown_version(answer.version));
}

void session::take_lower_version(std::uint8_t theirs) {
    account_.version = dialect::v20;
    host_.log(sdk::level::warn, "the gateway knows CMPP " + sdk::shown_version(theirs) +
                                    " host=" + settings_.place() +
                                    ": version: 2.0 in the account saves a connection");
    login_refused(refusal::passing, "4 version too high: next in 2.0");
}

void session::take_submit_resp(const message_resp& answer) {
    const auto unit = take_unit(pdu_.head.sequence);
    if (!unit)
        return;
    const auto handle = unit->unit.handle;
    if (answer.result == 0)
        return give(*unit, account_.answers.accepted(handle, ref_of(answer.msg_id), now()));
    const auto means = of_submit(answer.result);
    const auto kind = settings_.result_classes.of(answer.result).value_or(means.kind);
    give(*unit, account_.answers.refused(handle, kind, sdk::code_word(answer.result, means),
                                         means.words, now()));
}

void session::take_deliver(const deliver& d) {
    if (hanging_up() || now_in() < state::up)
        return; // the gateway will say it again to the next session
    if (d.registered_delivery == 1)
        return take_report(d);
    sdk::inbound text;
    text.sender = sdk::with_plus(sdk::e164_number(sdk::printable(d.src_terminal_id, 64)));
    text.recipient = sdk::printable(d.dest_id, 64);
    text.octets = d.content;
    text.data_coding = sdk::data_coding_of(d.msg_fmt);
    text.udh = d.has_header();
    encode_message_resp(arrivals_.add(std::move(text)), as_, command::deliver_resp,
                        pdu_.head.sequence, {.msg_id = d.msg_id});
}

void session::take_report(const deliver& d) {
    const auto r = read_report(d.content);
    if (!r) {
        host_.log(sdk::level::warn, "a report of " + std::to_string(d.content.size()) +
                                        " octets cannot be read: it has 60 or 71");
        return encode_message_resp(reply(), as_, command::deliver_resp, pdu_.head.sequence,
                                   {.msg_id = d.msg_id, .result = 1});
    }
    sdk::receipt out;
    out.ref = ref_of(r->msg_id);
    out.code = sdk::printable(r->stat, 16);
    out.state = settings_.stat_classes.of(out.code);
    out.recipient = sdk::e164_number(sdk::printable(r->dest_terminal_id, 64));
    out.sender = sdk::printable(d.dest_id, 64);
    encode_message_resp(arrivals_.add(std::move(out)), as_, command::deliver_resp,
                        pdu_.head.sequence, {.msg_id = d.msg_id});
}

} // namespace posthorn::cmpp

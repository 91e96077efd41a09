#include "smgp/adapter/session.hpp"

#include "sdk/china_time.hpp"
#include "sdk/link/printable.hpp"
#include "smgp/adapter/arrivals.hpp"
#include "smgp/codec/msg_id.hpp"
#include "smgp/codec/results.hpp"

namespace posthorn::smgp {

namespace {

constexpr std::uint32_t structure_error = 10, too_many_connections = 2;

session::refusal refusal_of(std::uint32_t status) {
    if (status == too_many_connections)
        return session::refusal::already_there;
    return of_status(status).kind == result_class::config ? session::refusal::by_our_name
                                                          : session::refusal::passing;
}

} // namespace

std::string_view name(login_mode mode) {
    return mode == login_mode::both ? "both" : mode == login_mode::send ? "send" : "receive";
}

session::session(account_state& account, login_mode mode, beginning how)
    : sdk::session(account.links, std::move(how)), settings_(account.settings),
      judge_(account.answers), mode_(mode), submission_(settings_) {}

// ---- what we write

void session::append_login(std::string& out, sdk::sequence_number sequence) {
    login request{.client_id = settings_.client_id,
                  .login_mode = mode_,
                  .timestamp = sdk::month_to_second(sdk::china_clock(host_.now()))};
    proof_ = authenticator_client(settings_.client_id, settings_.secret, request.timestamp);
    request.authenticator = octets_of(proof_);
    encode(out, {.head = {.id = command::login, .sequence = sequence.number}, .body = request});
}

std::string session::append_submit(std::string& out, sdk::sequence_number sequence,
                                   const sdk::unit& u, sdk::instant now) {
    return submission_.append(out, sequence.number, u, now);
}

void session::append_test(std::string& out, sdk::sequence_number sequence) {
    encode_header(out, command::active_test, sequence.number);
}

void session::append_goodbye(std::string& out, sdk::sequence_number sequence) {
    encode_header(out, command::exit, sequence.number);
}

void session::append_goodbye_answer(std::string& out, sdk::sequence_number sequence) {
    encode_header(out, command::exit_resp, sequence.number);
}

// ---- what comes

void session::take(std::string_view packet) {
    if (const auto wrong = decode(packet, pdu_))
        return take_broken(packet, *wrong);
    const auto& head = pdu_.head;
    switch (head.id) {
    case command::login_resp:
        return take_login_answer(head, std::get<login_resp>(pdu_.body));
    case command::submit_resp:
        return take_submit_answer(head, std::get<message_resp>(pdu_.body));
    case command::active_test_resp:
        return test_answered(head.sequence);
    case command::exit_resp:
        return goodbye_answered(head.sequence);
    default:
        return take_request(pdu_);
    }
}

void session::take_request(const pdu& p) {
    if (hanging_up())
        return; // the carrier will say it again to the next session
    switch (p.head.id) {
    case command::deliver:
        return take_deliver(p.head, std::get<deliver>(p.body));
    case command::active_test:
        return encode_header(reply(), command::active_test_resp, p.head.sequence);
    case command::exit:
        return take_goodbye(p.head.sequence);
    default: // nothing that a gateway asks an SP; there is no answer to say so
        host_.log(sdk::level::warn, "unexpected packet=" + std::string(name(p.head.id)));
    }
}

// Answered, where it can be: what the carrier brings again and again would fill its window.
void session::take_broken(std::string_view packet, std::string_view why) {
    const auto& head = pdu_.head;
    host_.log(sdk::level::warn,
              "bad packet=" + std::string(name(head.id)) + " \"" + std::string(why) + "\"");
    const auto rest = packet.substr(header_size);
    if (head.id == command::deliver)
        return encode_message_resp(reply(), command::deliver_resp, head.sequence,
                                   {rest.substr(0, msg_id_size), structure_error});
    if (head.id == command::login_resp && is_login(head.sequence))
        return close("the gateway's answer to the Login cannot be read: " + std::string(why));
    if (head.id != command::submit_resp)
        return;
    if (const auto unit = take_unit(head.sequence); unit && !unit->late)
        give(sdk::uncertain(unit->unit.handle, "the gateway's answer cannot be read"));
}

void session::take_deliver(const header& head, const deliver& d) {
    const message_resp good{d.msg_id, 0};
    if (d.is_report == 0)
        return encode_message_resp(arrivals_.add(text_of(d)), command::deliver_resp, head.sequence,
                                   good);
    if (const auto r = read_report(d.content))
        return encode_message_resp(arrivals_.add(receipt_of(d, *r, settings_.stat_classes)),
                                   command::deliver_resp, head.sequence, good);
    host_.log(sdk::level::warn, "a report without an id or a state, of " +
                                    std::to_string(d.content.size()) + " octets, is left alone");
    encode_message_resp(reply(), command::deliver_resp, head.sequence, good);
}

void session::take_login_answer(const header& head, const login_resp& answer) {
    if (now_in() != state::logging_in)
        return host_.log(sdk::level::debug, "ignored packet=Login_Resp");
    if (!is_login(head.sequence))
        return close("answer to a Login that was not ours");
    if (answer.status != 0)
        return login_refused(refusal_of(answer.status), code_word(answer.status));
    if (!proves_itself(answer))
        return login_refused(refusal::by_our_name,
                             "the gateway does not prove that it knows the secret");
    peer_ = sdk::shown_version(answer.server_version);
    logged_in("as=" + std::string(name(mode_)) + " client_id=" + settings_.client_id +
              " version=" + peer_);
}

bool session::proves_itself(const login_resp& answer) {
    if (settings_.verify_server == verification::off)
        return true;
    const auto expected = authenticator_server(answer.status, octets_of(proof_), settings_.secret);
    if (answer.authenticator == octets_of(expected))
        return true;
    if (settings_.verify_server == verification::strict)
        return false;
    host_.log(sdk::level::warn,
              "the gateway at host=" + settings_.place() +
                  " does not prove that it knows the secret; many do it wrong, and verify_server: "
                  "off says so");
    return true;
}

void session::take_submit_answer(const header& head, const message_resp& answer) {
    const auto unit = take_unit(head.sequence);
    if (!unit)
        return;
    give(*unit,
         judge_.answer(unit->unit.handle, answer.status, answer.msg_id, now(), unit->unit.attempt));
}

void session::about_link(sdk::finding& f) const {
    f.learned.emplace_back("logged in as", std::string(name(mode_)) + " to " + settings_.place());
    f.learned.emplace_back("version of the gateway", peer_);
}

} // namespace posthorn::smgp

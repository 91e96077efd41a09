#include "sgip/adapter/session.hpp"

#include "sdk/china_number.hpp"
#include "sdk/china_text.hpp"
#include "sdk/link/printable.hpp"
#include "sgip/adapter/codes.hpp"

#include <algorithm>
#include <utility>

namespace posthorn::sgip {

namespace {

constexpr std::uint8_t done = 0, not_for_us = 7; // Result
constexpr std::size_t longest_number = 21;

void write(std::string& out, command id, const sequence& number, body b) {
    encode(out, {{.id = id, .sequence = number}, std::move(b)});
}

std::string international(std::string_view user) {
    return sdk::printable(sdk::e164_number(user), longest_number);
}

// A caller cannot find out letter by letter.
bool same(std::string_view a, std::string_view b) {
    unsigned differs = a.size() != b.size() ? 1 : 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        differs |= static_cast<unsigned char>(a[i] ^ b[i]);
    return differs == 0;
}

sdk::session::refusal kind_of_refusal(std::uint8_t result) {
    using enum sdk::session::refusal;
    constexpr std::uint8_t repeated_login = 2, too_many_connections = 3;
    if (of_bind(result).kind == result_class::config)
        return by_our_name;
    return result == repeated_login || result == too_many_connections ? already_there : passing;
}

} // namespace

// ---- what we write

void session::append_login(std::string& out, sdk::sequence_number sequence) {
    write(out, command::bind, sequence_of(sequence),
          bind{.login_name = settings_.login_name,
               .login_password = settings_.login_password,
               .reserve = {}});
}

std::string session::append_submit(std::string& out, sdk::sequence_number sequence,
                                   const sdk::unit& u, sdk::instant now) {
    return submission_.append(out, sequence_of(sequence), u, now);
}

void session::append_test(std::string&, sdk::sequence_number) {}

void session::append_goodbye(std::string& out, sdk::sequence_number sequence) {
    write(out, command::unbind, sequence_of(sequence), no_body{});
}

void session::append_goodbye_answer(std::string& out, sdk::sequence_number sequence) {
    write(out, command::unbind_resp, sequence_of(sequence), no_body{});
}

sdk::sequence_number session::after(sdk::sequence_number) const {
    return key_of(account_.numbers.next(host_.now()));
}

// ---- what comes

void session::take(std::string_view packet) {
    if (const auto wrong = decode(packet, pdu_))
        return take_unreadable(*wrong);
    const auto& number = pdu_.head.sequence;
    switch (pdu_.head.id) {
    case command::bind:
        return take_bind(std::get<bind>(pdu_.body));
    case command::bind_resp:
        return take_bind_resp(std::get<answer>(pdu_.body));
    case command::unbind:
        return take_goodbye(key_of(number));
    case command::unbind_resp:
        return goodbye_answered(key_of(number));
    case command::submit_resp:
        return take_submit_resp(std::get<answer>(pdu_.body));
    case command::deliver:
        return may_bring() ? take_deliver(std::get<deliver>(pdu_.body)) : refuse(illegal_login);
    case command::report:
        return may_bring() ? take_report(std::get<report>(pdu_.body)) : refuse(illegal_login);
    case command::user_report:
        return refuse(may_bring() ? done : illegal_login);
    case command::trace:
        return write(reply(), command::trace_resp, number, trace_resp{});
    case command::submit:
        return refuse(not_for_us);
    default: // answers to what we do not ask
        return;
    }
}

// The rest of the stream can be read all the same. Closing the connection would bring the same packet
// again for ever.
void session::take_unreadable(std::string_view why) {
    const auto called = name(pdu_.head.id);
    host_.log(sdk::level::warn,
              "unreadable packet command=" + (called.empty() ? "unknown" : std::string(called)) +
                  " why=\"" + std::string(why) + "\"");
    if (!is_response(pdu_.head.id))
        refuse(called.empty() ? not_for_us : format_error);
}

void session::refuse(std::uint8_t result) {
    encode_answer(reply(), response_to(pdu_.head.id), pdu_.head.sequence, result);
}

bool session::may_bring() const { return now_in() >= state::up; }

void session::take_bind(const bind& request) {
    constexpr std::uint8_t repeated_login = 2;
    if (now_in() != state::greeting)
        return refuse(repeated_login);
    std::uint8_t result = done;
    if (request.login_type != login_type::from_smg)
        result = login_type_error;
    else if (settings_.listen_password.empty() ||
             !same(request.login_name, settings_.listen_name) ||
             !same(request.login_password, settings_.listen_password))
        result = illegal_login;
    refuse(result);
    if (result == done)
        return logged_in("by=carrier login_name=" + sdk::printable(request.login_name, 64));
    hang_up("the caller's BIND was refused: " + std::string(of_bind(result).words) +
            "; listen_name and listen_password say who may call");
}

void session::take_bind_resp(const answer& response) {
    if (!is_login(key_of(pdu_.head.sequence)))
        return;
    if (response.result == done)
        return logged_in("node_id=" + std::to_string(settings_.node_id));
    auto code = result_code(response.result);
    if (const auto words = of_bind(response.result).words; !words.empty())
        code += " (" + std::string(words) + ")";
    login_refused(kind_of_refusal(response.result), std::move(code));
}

void session::take_submit_resp(const answer& response) {
    const auto& number = pdu_.head.sequence;
    const auto asked = take_unit(key_of(number));
    if (!asked)
        return;
    auto& judge = account_.answers;
    const auto& unit = asked->unit;
    if (asked->late)
        account_.doubts.take(number);
    if (response.result == done)
        return give(*asked, judge.accepted(unit.handle, text_of(number), now()));
    const auto means = of_submit(response.result);
    const auto kind = settings_.result_classes.of(response.result)
                          .value_or(sdk::usual_class(means, unit.attempt));
    give(*asked,
         judge.refused(unit.handle, kind, result_code(response.result), means.words, now()));
}

void session::take_deliver(const deliver& request) {
    sdk::inbound text;
    text.sender = international(request.user_number);
    if (text.sender.starts_with("86"))
        text.sender.insert(0, "+");
    text.recipient = sdk::printable(request.sp_number, longest_number);
    text.octets = request.content;
    text.data_coding = sdk::data_coding_of(request.message_coding);
    text.udh = request.has_header();
    encode_answer(arrivals_.add(std::move(text)), command::deliver_resp, pdu_.head.sequence, done);
}

void session::take_report(const report& request) {
    if (request.report_type != 0) // of a text from a phone that we passed on: we pass none
        return refuse(done);
    sdk::receipt out;
    out.ref = text_of(request.submit);
    out.recipient = international(request.user_number);
    switch (state_of(request)) {
    case report_state::delivered:
        out.state = sdk::receipt_state::delivered;
        break;
    case report_state::failed:
        out.state = settings_.error_classes.of(std::to_string(request.error_code));
        out.code = error_code(request.error_code);
        break;
    case report_state::on_its_way:
        out.state = sdk::receipt_state::enroute;
    }
    if (const auto handle = account_.doubts.take(request.submit)) {
        ++account_.settled_by_reports;
        auto v = account_.answers.accepted(*handle, out.ref, now());
        v.late = true;
        give(std::move(v));
    }
    encode_answer(arrivals_.add(std::move(out)), command::report_resp, pdu_.head.sequence, done);
}

void session::unit_doubted(const sdk::pending_table::entry& unit) {
    account_.doubts.add(sequence_of(unit.sequence), unit.handle);
}

void session::about_link(sdk::finding& f) const {
    f.learned.emplace_back("node_id", std::to_string(settings_.node_id));
}

} // namespace posthorn::sgip

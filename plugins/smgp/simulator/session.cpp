// Which packet gets which answer.
#include "smgp/simulator/session.hpp"

#include "sdk/octets.hpp"
#include "smgp/codec/results.hpp"

namespace posthorn::smgp::simulator {

namespace {

constexpr std::size_t sequence_at = 8; // of a packet

} // namespace

session::session(boost::asio::ip::tcp::socket socket, gateway& shared, gone_handler gone)
    : link(std::move(socket), nullptr, shared, frame, std::move(gone)), gateway_(shared) {}

void session::on_packet(std::string_view octets) {
    if (!decode(octets, pdu_))
        return on_request(pdu_);
    count_broken();
    if (pdu_.head.id == command::submit && who())
        respond(pdu_.head, structure_error);
    else if (!who())
        close_when_written(false);
}

void session::on_request(const pdu& p) {
    if (p.head.id == command::login)
        return on_login(p.head, std::get<login>(p.body));
    if (p.head.id == command::active_test)
        return answer(p.head, no_body{});
    if (!who())
        return close_when_written(false); // nothing comes before the login
    switch (p.head.id) {
    case command::submit:
        return on_submit(p.head, std::get<submit>(p.body));
    case command::deliver_resp: {
        const auto result = std::get<message_resp>(p.body).status;
        return delivered(p.head.sequence, result, carrier::reception_of(of_status(result).kind));
    }
    case command::query:
        return on_query(p.head, std::get<query>(p.body));
    case command::exit:
        answer(p.head, no_body{});
        return close_when_written(false);
    default: // an answer to a test, or what a gateway is never asked
        return;
    }
}

void session::on_login(const header& head, const login& asked) {
    login_resp reply;
    auto* const by = gateway_.admit(asked, reply);
    answer(head, reply);
    if (by && !who()) {
        mode_ = asked.login_mode;
        return open(*by, mode_ != login_mode::send);
    }
    ++gateway_.counts().refused_binds;
    close_when_written(false);
}

void session::on_query(const header& head, const query& asked) {
    query_resp totals{.query_time = asked.query_time,
                      .query_type = asked.query_type,
                      .query_code = asked.query_code};
    gateway_.counts().tell(totals);
    answer(head, totals);
}

void session::on_submit(const header& head, const submit& text) {
    if (mode_ == login_mode::receive)
        return respond(head, command_error);
    if (const auto mistake = gateway_.mistake_of(text))
        return respond(head, mistake);
    take_text(submitted_text(gateway_, text), head.sequence);
}

void session::respond(const header& head, std::uint32_t result) {
    ++gateway_.counts().responses[result];
    answer(head, message_resp{.status = result});
}

void session::answer(const header& head, const body& with) {
    pdu reply;
    reply.head.id = response_to(head.id);
    reply.head.sequence = head.sequence;
    reply.body = with;
    encode(out(), reply);
    count_packet();
}

void session::write_response(const carrier::verdict& verdict, bool wrong_sequence) {
    encode_message_resp(out(), command::submit_resp,
                        pdu_.head.sequence + (wrong_sequence ? 0x01000000U : 0U),
                        {.msg_id = verdict.id, .status = verdict.status});
}

void session::write_delivery(delivery& item, std::uint32_t sequence) {
    sdk::put_u32(item.octets, sequence_at, sequence);
    out().append(item.octets);
}

void session::write_test() { encode_header(out(), command::active_test, test_sequence); }

} // namespace posthorn::smgp::simulator

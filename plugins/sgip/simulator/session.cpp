// Which packet gets which answer.
#include "sgip/simulator/session.hpp"

#include "sdk/octets.hpp"
#include "sgip/codec/results.hpp"

#include <random>

namespace posthorn::sgip::simulator {

namespace {

constexpr std::size_t node_at = 8, time_at = 12, count_at = 16; // of a packet

} // namespace

session::session(boost::asio::ip::tcp::socket socket, gateway& shared, account* reports_to,
                 gone_handler gone)
    : link(std::move(socket), nullptr, shared, frame, std::move(gone)), gateway_(shared),
      reports_to_(reports_to), first_count_(std::random_device()()) {}

void session::greet() {
    if (!reports_to_)
        return;
    const auto& o = gateway_.own();
    pdu packet;
    packet.head.id = command::bind;
    packet.head.sequence = {o.node, gateway_.clock(), first_count_};
    packet.body =
        bind{.login_type = login_type::from_smg,
             .login_name = o.report_user.empty() ? reports_to_->name : o.report_user,
             .login_password = o.report_password.empty() ? o.password : o.report_password};
    encode(out(), packet);
    count_packet();
}

void session::on_packet(std::string_view octets) {
    heard_ = true;
    if (!decode(octets, pdu_))
        return on_request(pdu_);
    count_broken(); // "drop the connection", says the specification
    close_when_written(false);
}

void session::on_request(const pdu& p) {
    switch (p.head.id) {
    case command::bind:
        return on_bind(p.head, std::get<bind>(p.body));
    case command::bind_resp:
        return on_bind_answer(std::get<answer>(p.body).result);
    case command::submit:
        return on_submit(p.head, std::get<submit>(p.body));
    case command::report_resp:
    case command::deliver_resp: {
        const auto result = std::get<answer>(p.body).result;
        return delivered(p.head.sequence.count - first_count_, result,
                         carrier::reception_of(of_submit(result).kind));
    }
    case command::unbind:
        return finish(p.head);
    case command::unbind_resp:
        return close_when_written(false);
    default:
        if (!is_response(p.head.id))
            respond(p.head, illegal_login);
    }
}

void session::on_bind(const header& head, const bind& asked) {
    std::uint8_t refusal = 0;
    auto* const by = who() || reports_to_ ? nullptr : gateway_.admit(asked, refusal);
    respond(head, by ? 0 : std::max(refusal, illegal_login));
    if (by)
        return open(*by, gateway_.own().report_over_link);
    ++gateway_.counts().refused_binds;
    close_when_written(false);
}

void session::on_bind_answer(std::uint8_t result) {
    if (reports_to_ && !who() && result == 0)
        return open(*reports_to_, true);
    close_when_written(false); // refused: who dialled tries again
}

void session::on_submit(const header& head, const submit& text) {
    if (!who() || reports_to_)
        return respond(head, illegal_login);
    if (const auto mistake = gateway_.mistake_of(head.sequence, text)) {
        ++gateway_.counts().responses[mistake];
        return respond(head, mistake);
    }
    take_text(submitted_text(head.sequence, text), head.sequence.count);
}

void session::respond(const header& head, std::uint8_t result) {
    encode_answer(out(), response_to(head.id), head.sequence, result);
    count_packet();
}

void session::finish(const header& head) {
    pdu reply;
    reply.head.id = command::unbind_resp;
    reply.head.sequence = head.sequence;
    encode(out(), reply);
    count_packet();
    close_when_written(false);
}

void session::write_response(const carrier::verdict& verdict, bool wrong_sequence) {
    auto number = pdu_.head.sequence;
    number.count += wrong_sequence ? 0x01000000U : 0U;
    encode_answer(out(), command::submit_resp, number, static_cast<std::uint8_t>(verdict.status));
}

bool session::has_room() const { return link::has_room() && who() && gateway_.delivers(*who()); }

void session::write_delivery(delivery& item, std::uint32_t sequence) {
    sdk::put_u32(item.octets, node_at, gateway_.own().node);
    sdk::put_u32(item.octets, time_at, gateway_.clock());
    sdk::put_u32(item.octets, count_at, first_count_ + sequence);
    out().append(item.octets);
}

// There is no test in SGIP: --idle-close comes by here.
void session::write_test() {
    if (!heard_ && !reports_to_)
        close_when_written(false);
    heard_ = false;
}

} // namespace posthorn::sgip::simulator

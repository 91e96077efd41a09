#include "sdk/simulator/http/session.hpp"

namespace posthorn::simulator::http {

session::session(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls,
                 provider& shared, gone_handler gone)
    : link(std::move(socket), tls, shared, message_frame, std::move(gone)), provider_(shared) {}

void session::on_packet(std::string_view octets) {
    if (const auto asked = read_message(octets))
        return on_request(*asked);
    count_broken();
    on_broken_stream(true);
    close_when_written(false);
}

void session::on_broken_stream(bool) {
    write(provider_.no_request());
    count_packet();
}

void session::on_request(const message& asked) {
    if (const auto refusal = provider_.stranger(asked)) {
        ++provider_.counts().refused_binds;
        write(*refusal);
        return count_packet();
    }
    if (!who())
        open(provider_.client(), false);
    heard_ = provider_.hear(asked);
    if (heard_.texts.empty()) {
        write(heard_.answer);
        return count_packet();
    }
    provider_.learn_callback(heard_.to_call);
    std::vector<const submitted*> texts;
    for (const auto& one : heard_.texts)
        texts.push_back(&one);
    take_texts(texts, heard_.together);
}

void session::write_responses(std::span<const carrier::verdict> answers) {
    write(provider_.answer(heard_, answers));
}

void session::write(const reply& said) {
    const sdk::instant now{std::chrono::microseconds(provider_.now_us())};
    write_message(out(), "HTTP/1.1 " + std::string(said.status),
                  "Date: " + date_of(now) + "\r\n" + said.headers, said.type, said.body);
}

} // namespace posthorn::simulator::http

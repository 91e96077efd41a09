#include "http/simulator/session.hpp"

#include "sdk/http/json_text.hpp"

namespace posthorn::http::simulator {

namespace {

constexpr std::string_view messages = "/v2/messages";

std::string_view status_of(std::uint32_t code) {
    switch (code) {
    case 0:
        return "200 OK";
    case too_fast:
        return "429 Too Many Requests";
    case busy:
        return "503 Service Unavailable";
    default:
        return "400 Bad Request";
    }
}

} // namespace

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

void session::on_broken_stream(bool) { refuse("400 Bad Request", no_text); }

void session::on_request(const message& asked) {
    if (!provider_.knows(sdk::field_of(asked.headers, "authorization"))) {
        ++provider_.counts().refused_binds;
        return refuse("401 Unauthorized", wrong_secret);
    }
    if (!who())
        open(provider_.client(), false);
    auto path = asked.second;
    if (!path.starts_with(messages))
        return refuse("404 Not Found", no_such_text);
    path.remove_prefix(messages.size());
    if (asked.first == "POST" && path.empty())
        return on_text(asked);
    if (asked.first == "GET" && path.starts_with('/'))
        return on_inquiry(path.substr(1));
    refuse("405 Method Not Allowed", no_such_text);
}

void session::on_text(const message& asked) {
    const auto json = sdk::read_json(asked.body);
    if (!json) {
        count_broken();
        return refuse("400 Bad Request", no_text);
    }
    const submitted_text text(provider_, *json);
    if (!text.is_whole())
        return refuse("400 Bad Request", no_text);
    provider_.learn_callback(sdk::text_at(*json, "/callback"));
    take_text(text, 0);
}

void session::on_inquiry(std::string_view id) {
    const auto of = provider_.state_of(*who(), id);
    if (!of)
        return refuse("404 Not Found", no_such_text);
    answer("200 OK", {}, "{" + state_json(*of) + "}");
}

void session::write_response(const carrier::verdict& verdict, bool) {
    auto json = "{\"code\":\"" + std::to_string(verdict.status) + "\"";
    if (verdict.status == 0)
        json.append(",\"data\":{\"id\":\"").append(verdict.id).append("\"}");
    if (provider_.faults().strikes(fault::unknown_tlv))
        json += ",\"warnings\":[{\"n\":1.5e3},null]";
    const auto* const later = verdict.status == busy ? "Retry-After: 1\r\n" : "";
    write_message(out(), "HTTP/1.1 " + std::string(status_of(verdict.status)), later, json + "}");
}

void session::refuse(std::string_view status, std::uint32_t code) {
    answer(status, {}, "{\"code\":\"" + std::to_string(code) + "\"}");
}

void session::answer(std::string_view status, std::string_view headers, std::string_view json) {
    write_message(out(), "HTTP/1.1 " + std::string(status), headers, json);
    count_packet();
}

} // namespace posthorn::http::simulator

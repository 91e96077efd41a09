// A blocking client of a simulated provider over HTTP, and what it hears.
#pragma once

#include "plugins/simulated.hpp"
#include "sdk/http/json_text.hpp"
#include "sdk/simulator/http/message.hpp"

#include <string>
#include <string_view>

namespace posthorn::simulated {

struct heard {
    std::string octets; // empty: the connection has ended

    std::string status() const {
        const auto m = simulator::http::read_message(octets);
        return m ? std::string(m->second) : octets.empty() ? "" : "none";
    }
    std::string at(std::string_view pointer) const {
        const auto m = simulator::http::read_message(octets);
        const auto json = m ? sdk::read_json(m->body) : std::nullopt;
        return json ? sdk::text_at(*json, pointer) : "";
    }
};

class http_client : public packet_stream {
public:
    explicit http_client(std::uint16_t port)
        : packet_stream(port, simulator::http::message_frame) {}

    heard ask(std::string_view line, std::string_view headers, std::string_view body,
              std::string_view type = simulator::http::json_type) {
        std::string octets;
        simulator::http::write_message(octets, std::string(line) + " HTTP/1.1", headers, type,
                                       body);
        send(octets);
        return {next_octets()};
    }
    heard get(std::string_view path, std::string_view headers) {
        return ask("GET " + std::string(path), headers, "");
    }
    heard post_form(std::string_view path, std::string_view headers, std::string_view form) {
        return ask("POST " + std::string(path), headers, form, simulator::http::form_type);
    }
};

} // namespace posthorn::simulated

// The simulated message centre and a blocking client of it, over loopback TCP.
#pragma once

#include "plugins/simulated.hpp"
#include "smpp/codec/framer.hpp"
#include "smpp/codec/pdu.hpp"
#include "smpp/codec/receipt.hpp"
#include "smpp/simulator/server.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace smpp_test {

using namespace posthorn::smpp;

using simulated_carrier = posthorn::simulated::carrier<simulator::server, simulator::options>;

/// The PDU with the octets its views point into.
struct held_pdu {
    std::string octets;
    pdu p;

    status code() const { return p.head.status; }
    std::string message_id() const {
        return std::string(std::get<message_resp>(p.body).message_id);
    }
    const sm& text() const { return std::get<sm>(p.body); }
};

class client : public posthorn::simulated::packet_stream {
public:
    explicit client(std::uint16_t port)
        : packet_stream(port, framer::shape_of(framer::default_limit)) {}

    /// The next PDU, or nothing when the peer has closed or reset the link.
    std::unique_ptr<held_pdu> next() {
        auto held = std::make_unique<held_pdu>();
        held->octets = next_octets();
        if (held->octets.empty())
            return nullptr;
        if (decode(held->octets, held->p))
            throw std::runtime_error("the simulator sent what cannot be decoded");
        return held;
    }

    status bind_as(command id, const char* system_id = "esme01", const char* password = "secret",
                   std::uint8_t version = 0x34) {
        pdu request;
        request.head.id = id;
        request.head.sequence = ++sequence_;
        smpp_bind who;
        who.system_id = system_id;
        who.password = password;
        who.interface_version = version;
        request.body = who;
        std::string octets;
        encode(octets, request);
        send(octets);
        const auto answer = next();
        if (!answer || answer->p.head.id != response_to(id))
            throw std::runtime_error("no answer to the bind");
        if (const auto* fields = std::get_if<bind_resp>(&answer->p.body))
            announced_ = fields->tlvs.find_u8(tag::sc_interface_version);
        return answer->code();
    }

    /// sc_interface_version in the answer to the last bind.
    std::optional<std::uint8_t> announced() const { return announced_; }

    static std::string submit_octets(std::uint32_t sequence, std::string_view to,
                                     std::string_view text, std::uint8_t registered = 1) {
        sm body;
        body.source = {5, 0, "Posthorn"};
        body.destination = {1, 1, to};
        body.registered_delivery = registered;
        body.short_message = text;
        std::string octets;
        encode_sm(octets, command::submit_sm, sequence, body);
        return octets;
    }
    void submit(std::string_view to, std::string_view text, std::uint8_t registered = 1) {
        send(submit_octets(++sequence_, to, text, registered));
    }
    void answer(const held_pdu& delivered, status code = status::ok) {
        std::string octets;
        encode_message_resp(octets, command::deliver_sm_resp, code, delivered.p.head.sequence, "");
        send(octets);
    }
    /// A round trip: all sent before has been handled. Other PDUs on the way are an error.
    void sync() {
        std::string octets;
        encode_header(octets, command::enquire_link, status::ok, ++sequence_);
        send(octets);
        const auto answer = next();
        if (!answer || answer->p.head.id != command::enquire_link_resp)
            throw std::runtime_error("something else came before the enquire_link_resp");
    }

private:
    using smpp_bind = posthorn::smpp::bind;

    std::uint32_t sequence_ = 0;
    std::optional<std::uint8_t> announced_;
};

} // namespace smpp_test

// A scripted SMSC on a loopback port.
#pragma once

#include "plugins/fake_peer.hpp"
#include "smpp/codec/framer.hpp"
#include "smpp/codec/pdu.hpp"

#include <string>

namespace posthorn::tests {

class fake_smsc : public fake_peer<smpp::header> {
public:
    explicit fake_smsc(boost::asio::io_context& io)
        : fake_peer(io, smpp::framer::shape_of(smpp::framer::default_limit), smpp::read_header) {}

    using fake_peer::send;
    void send(smpp::command id, smpp::status code, std::uint32_t sequence) {
        std::string out;
        smpp::encode_header(out, id, code, sequence);
        send(out);
    }
    void send_resp(smpp::command id, smpp::status code, std::uint32_t sequence,
                   std::string_view message_id) {
        std::string out;
        smpp::encode_message_resp(out, id, code, sequence, message_id);
        send(out);
    }
    // `version` 0: none is told, as SMPP 3.3 does.
    void accept_bind(std::uint32_t sequence, std::uint8_t version = 0x34,
                     smpp::command id = smpp::command::bind_transceiver) {
        std::string tlvs, out;
        if (version != 0)
            smpp::append_tlv_u8(tlvs, smpp::tag::sc_interface_version, version);
        smpp::pdu p;
        p.head = {16, smpp::response_to(id), smpp::status::ok, sequence};
        p.body = smpp::bind_resp{"SMSC", {tlvs}};
        smpp::encode(out, p);
        send(out);
    }
};

} // namespace posthorn::tests

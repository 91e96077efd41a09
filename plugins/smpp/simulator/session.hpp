// One link of the simulated message centre: the SMPP session over it.
#pragma once

#include "sdk/simulator/link.hpp"
#include "smpp/codec/pdu.hpp"
#include "smpp/simulator/message_centre.hpp"

#include <string>

namespace posthorn::smpp::simulator {

using posthorn::simulator::link;

class session final : public link {
public:
    session(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls,
            message_centre& shared, gone_handler gone);

protected:
    void on_packet(std::string_view octets) override;
    void on_broken_stream(bool nack) override;
    void write_response(const carrier::verdict& answer, bool wrong_sequence) override;
    void write_delivery(delivery& item, std::uint32_t sequence) override;
    void write_test() override;

private:
    enum class role : std::uint8_t { unbound, transmitter, receiver, transceiver };

    void on_request(const pdu& p);
    void on_bind(const pdu& p, const bind& who);
    void on_submit(const pdu& p, const sm& text);
    void on_cancel(const pdu& p, const cancel_sm& which);
    void on_query(const pdu& p, const query_sm& which);
    void on_data(const pdu& p, const data_sm& data);
    void on_deliver_resp(const header& head);
    void refuse(const header& head, smpp::status code);
    bool may_submit() const;

    message_centre& centre_;
    pdu pdu_; // of the PDU in hand
    role role_ = role::unbound;
    bool tlvs_ = false; // the peer understands them: it bound with 3.4 or later
};

} // namespace posthorn::smpp::simulator

// One link of the simulated gateway: the CMPP session over it.
#pragma once

#include "cmpp/codec/pdu.hpp"
#include "cmpp/simulator/gateway.hpp"
#include "sdk/simulator/link.hpp"

#include <string_view>

namespace posthorn::cmpp::simulator {

class session final : public posthorn::simulator::link {
public:
    session(boost::asio::ip::tcp::socket socket, gateway& shared, gone_handler gone);

protected:
    void on_packet(std::string_view octets) override;
    void write_response(const carrier::verdict& answer, bool wrong_sequence) override;
    void write_delivery(delivery& item, std::uint32_t sequence) override;
    void write_test() override;

private:
    void on_request(const pdu& p);
    void on_connect(const header& head, const connect& who);
    void on_submit(const header& head, const submit& text);
    void on_query(const header& head, const query& asked);
    void respond(const header& head, std::uint32_t result);
    void answer(const header& head, const body& with);

    gateway& gateway_;
    pdu pdu_; // of the packet in hand
};

} // namespace posthorn::cmpp::simulator

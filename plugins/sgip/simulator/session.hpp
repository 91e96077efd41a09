// One link of the simulated gateway: that of a client which submits, or the one we dialled to report.
#pragma once

#include "sdk/simulator/link.hpp"
#include "sgip/codec/pdu.hpp"
#include "sgip/simulator/gateway.hpp"

#include <string_view>

namespace posthorn::sgip::simulator {

class session final : public posthorn::simulator::link {
public:
    /// `reports_to`: whom we dialled; null for a client that dialled us.
    session(boost::asio::ip::tcp::socket socket, gateway& shared, account* reports_to,
            gone_handler gone);

    bool has_room() const override;

protected:
    void on_packet(std::string_view octets) override;
    void write_response(const carrier::verdict& verdict, bool wrong_sequence) override;
    void write_delivery(delivery& item, std::uint32_t sequence) override;
    void write_test() override;
    void greet() override;
    void stop_deliveries() override { gateway_.stop_deliveries(*who()); }

private:
    void on_request(const pdu& p);
    void on_bind(const header& head, const bind& asked);
    void on_bind_answer(std::uint8_t result);
    void on_submit(const header& head, const submit& text);
    void respond(const header& head, std::uint8_t result);
    void finish(const header& head);

    gateway& gateway_;
    account* reports_to_;
    pdu pdu_;                   // of the packet in hand
    std::uint32_t first_count_; // of our sequence numbers: those of two links never meet
    bool heard_ = false;        // since the last write_test()
};

} // namespace posthorn::sgip::simulator

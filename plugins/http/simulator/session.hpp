// One connection of a client: its requests, one after another.
#pragma once

#include "http/simulator/message.hpp"
#include "http/simulator/provider.hpp"
#include "sdk/simulator/link.hpp"

#include <string_view>

namespace posthorn::http::simulator {

class session final : public posthorn::simulator::link {
public:
    session(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, provider& shared,
            gone_handler gone);

protected:
    void on_packet(std::string_view octets) override;
    void on_broken_stream(bool nack) override;
    void write_response(const carrier::verdict& answer, bool wrong_sequence) override;
    void write_delivery(delivery&, std::uint32_t) override {} // see caller.hpp

private:
    void on_request(const message& asked);
    void on_text(const message& asked);
    void on_inquiry(std::string_view id);
    void refuse(std::string_view status, std::uint32_t code);
    void answer(std::string_view status, std::string_view headers, std::string_view json);

    provider& provider_;
};

} // namespace posthorn::http::simulator

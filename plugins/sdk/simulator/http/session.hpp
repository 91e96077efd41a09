// One connection of a client: its requests, one after another.
#pragma once

#include "sdk/simulator/http/provider.hpp"
#include "sdk/simulator/link.hpp"

#include <span>
#include <string_view>

namespace posthorn::simulator::http {

class session final : public link {
public:
    session(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls, provider& shared,
            gone_handler gone);

protected:
    void on_packet(std::string_view octets) override;
    void on_broken_stream(bool nack) override;
    void write_response(const carrier::verdict&, bool) override {} // see write_responses()
    void write_responses(std::span<const carrier::verdict> answers) override;
    void write_delivery(delivery&, std::uint32_t) override {} // see caller.hpp

private:
    void on_request(const message& asked);
    void write(const reply& said);

    provider& provider_;
    heard heard_; // the request in hand
};

} // namespace posthorn::simulator::http

// One connection to a client's listener: receipts and texts from phones, one call after another.
#pragma once

#include "http/simulator/message.hpp"
#include "http/simulator/provider.hpp"
#include "sdk/simulator/link.hpp"

#include <optional>
#include <string_view>

namespace posthorn::http::simulator {

class caller final : public posthorn::simulator::link {
public:
    caller(boost::asio::ip::tcp::socket socket, provider& shared, gone_handler gone);

    bool has_room() const override { return link::has_room() && !call_; }

protected:
    void greet() override;
    void on_packet(std::string_view octets) override;
    void write_response(const carrier::verdict&, bool) override {} // nobody asks here
    void write_delivery(delivery& item, std::uint32_t sequence) override;

private:
    provider& provider_;
    std::optional<std::uint32_t> call_; // under way
};

} // namespace posthorn::http::simulator

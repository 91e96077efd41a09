// One connection to a client's listener: receipts and texts from phones, one call after another.
#pragma once

#include "sdk/simulator/http/provider.hpp"
#include "sdk/simulator/link.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

namespace posthorn::simulator::http {

class caller final : public link {
public:
    caller(boost::asio::ip::tcp::socket socket, provider& shared, gone_handler gone);

    bool has_room() const override;
    void flush() override;

protected:
    void greet() override;
    void on_packet(std::string_view octets) override;
    void write_response(const carrier::verdict&, bool) override {} // nobody asks here
    void write_delivery(delivery& item, std::uint32_t sequence) override;

private:
    struct gathered {
        std::string octets;
        bool is_receipt;
        std::uint32_t sequence;
    };

    provider& provider_;
    std::deque<gathered> items_;
    std::size_t under_way_ = 0; // so many of them, in a call
};

} // namespace posthorn::simulator::http

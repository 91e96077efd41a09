// The simulated gateway as a whole: it listens for submits, and dials each client that has bound.
#pragma once

#include "sdk/simulator/dialer.hpp"
#include "sdk/simulator/server.hpp"
#include "sgip/simulator/session.hpp"

#include <map>
#include <memory>

namespace posthorn::sgip::simulator {

class server final : public posthorn::simulator::server {
public:
    /// Listens at once. Throws std::runtime_error when a port, log or socket cannot be had.
    server(boost::asio::io_context& io, const options& chosen);

private:
    using link = posthorn::simulator::link;

    std::shared_ptr<link> make_link(boost::asio::ip::tcp::socket socket,
                                    link::gone_handler gone) override;
    void stopping() override;
    void report_to(account& client);
    void connected(account& client, boost::asio::ip::tcp::socket socket);

    gateway& gateway_;
    std::map<account*, posthorn::simulator::dialer> dialers_;
};

} // namespace posthorn::sgip::simulator

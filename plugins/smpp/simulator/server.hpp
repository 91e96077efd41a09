// The simulated carrier as a whole: listens, keeps the links, takes commands.
#pragma once

#include "smpp/simulator/carrier.hpp"
#include "smpp/simulator/control.hpp"
#include "smpp/simulator/session.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace posthorn::smpp::simulator {

class server {
public:
    /// Listens at once. Throws std::runtime_error when a port, log or socket cannot be had.
    server(boost::asio::io_context& io, options chosen);

    std::uint16_t port() const;
    std::string stats() const { return carrier_.stats_json(); }

    /// One line of the control socket to its answer (see --help). On the io_context's thread.
    std::string command(std::string_view line);

    /// Resets every link and lets the io_context run out of work.
    void stop();
    /// Called at the end of stop().
    void on_stop(std::function<void()> handler) { on_stop_ = std::move(handler); }

private:
    void use_certificate(const options& o);
    void listen(const std::string& address, std::uint16_t port);
    void accept();
    void retry_accept();
    void flush_log();
    void reset_links();
    std::string mo(std::string_view arguments);
    std::string mo_hex(std::string_view arguments, std::uint8_t esm_class);

    boost::asio::io_context& io_;
    carrier carrier_;
    std::optional<boost::asio::ssl::context> tls_; // with --tls-cert
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer log_timer_, accept_timer_;
    std::optional<control> control_;
    std::unordered_set<std::shared_ptr<session>> sessions_;
    std::function<void()> on_stop_;
    std::uint8_t next_reference_ = 0;
    bool stopped_ = false;
};

} // namespace posthorn::smpp::simulator

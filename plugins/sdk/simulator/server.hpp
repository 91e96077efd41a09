// A simulated carrier as a whole: listens, keeps the links, takes commands. A protocol says which session
// a connection gets.
#pragma once

#include "sdk/simulator/carrier.hpp"
#include "sdk/simulator/control.hpp"
#include "sdk/simulator/link.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace posthorn::simulator {

class server {
public:
    /// Listens at once. Throws std::runtime_error when a port or socket cannot be had.
    server(boost::asio::io_context& io, std::unique_ptr<carrier> whose);
    virtual ~server() = default;
    server(const server&) = delete;
    server& operator=(const server&) = delete;

    std::uint16_t port() const;
    std::string stats() const { return carrier_->stats_json(); }

    /// One line of the control socket to its answer (see --help). On the io_context's thread.
    std::string command(std::string_view line);

    /// Resets every link and lets the io_context run out of work.
    void stop();
    /// Called at the end of stop().
    void on_stop(std::function<void()> handler) { on_stop_ = std::move(handler); }

protected:
    virtual std::shared_ptr<link> make_link(boost::asio::ip::tcp::socket socket,
                                            link::gone_handler gone) = 0;
    /// stop() has begun: nothing new.
    virtual void stopping() {}

    boost::asio::io_context& io() { return io_; }
    carrier& shared() { return *carrier_; }
    /// Keeps a link and starts it.
    void adopt(const std::shared_ptr<link>& made);
    link::gone_handler forget();

private:
    void listen(const std::string& address, std::uint16_t port);
    void accept();
    void retry_accept();
    void flush_log();
    void reset_links();
    std::string mo(std::string_view arguments);
    std::string mo_hex(std::string_view arguments, bool header);

    boost::asio::io_context& io_;
    std::unique_ptr<carrier> carrier_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer log_timer_, accept_timer_;
    std::optional<control> control_;
    std::unordered_set<std::shared_ptr<link>> links_;
    std::function<void()> on_stop_;
    std::uint8_t next_reference_ = 0;
    bool stopped_ = false;
};

/// Where a connection gets a session over the carrier, and there is no more to it.
template <class Carrier, class Session>
class server_of final : public server {
public:
    template <class Options>
    server_of(boost::asio::io_context& io, const Options& chosen)
        : server(io, std::make_unique<Carrier>(io, chosen)) {}

private:
    std::shared_ptr<link> make_link(boost::asio::ip::tcp::socket socket,
                                    link::gone_handler gone) override {
        return std::make_shared<Session>(std::move(socket), static_cast<Carrier&>(shared()),
                                         std::move(gone));
    }
};

/// The program around it: signals, the first line and the last. `make` throws what is wrong; the exit
/// code comes back.
int run(std::string_view name, const options& chosen,
        const std::function<std::unique_ptr<server>(boost::asio::io_context&)>& make);

template <class Server, class Options>
int run(std::string_view name, const command_line<Options>& line) {
    if (line.exit_code)
        return *line.exit_code;
    return run(name, line.chosen, [&](boost::asio::io_context& io) {
        return std::make_unique<Server>(io, line.chosen);
    });
}

} // namespace posthorn::simulator

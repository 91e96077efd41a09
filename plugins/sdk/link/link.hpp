// Keeps one connection to the carrier: session after session, with a pause between two.
//
//     session ended                     next try after
//     closed for want of work           at once
//     connection lost, good-bye         random(0, min(60 s, 1 s * 2^n)); n = 0 again after 60 s of
//                                       being up
//     login refused: name or password   300..360 s, and an error for a person, once
//     login refused: already there      30..60 s: the carrier still sees the old session
//
// A link that is called (SMPP's outbind) waits for the carrier instead; where the carrier dials us
// as often as it likes (SGIP) see listener.hpp.
#pragma once

#include "sdk/backoff.hpp"
#include "sdk/link/session.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace posthorn::sdk {

using session_maker = std::function<std::shared_ptr<session>(session::beginning)>;

// Where we wait for the carrier.
struct listening_place {
    std::string address;
    std::uint16_t port = 0;
    std::string option; // the one that says so, for errors
};
// Throws std::runtime_error when the address cannot be had.
void listen_at(boost::asio::ip::tcp::acceptor& acceptor, const listening_place& where);

class link : public std::enable_shared_from_this<link> {
public:
    struct manner {
        std::string called; // "link 2", "receiver 1"
        session_maker make;
        bool sends = true;                             // takes units
        std::optional<listening_place> is_called = {}; // by the carrier, there
    };
    // `changed`: up() or why() is another.
    link(link_account& account, manner how, std::function<void()> changed);

    // Ends after stop().
    boost::asio::awaitable<void> run();
    void submit(std::span<const unit> units);
    void stop();

    const std::string& called() const { return how_.called; }
    bool up() const { return up_; }
    const std::string& why() const { return why_; }
    bool sends() const { return up_ && how_.sends; }
    unsigned room() const { return session_ ? session_->room() : 0; }
    session* open_session() const { return up_ ? session_.get() : nullptr; }

private:
    void opened(bool open, const std::string& why);
    boost::asio::awaitable<void> next_session();
    duration pause_after(const session::ending& end);
    void tell(const session::ending& end, duration pause);

    link_account& account_;
    sdk::host& host_;
    manner how_;
    std::function<void()> changed_;
    std::shared_ptr<session> session_;
    backoff backoff_;
    boost::asio::steady_timer pause_;
    boost::asio::ip::tcp::acceptor acceptor_; // of a link that is called
    std::string why_ = "not connected yet";
    unsigned attempt_ = 0; // sessions that never were up; the next begins at another address
    bool up_ = false;
    bool idle_ = false; // how the last session ended
    bool stopping_ = false;
    bool alarmed_ = false; // a person was told that the login is refused
};

} // namespace posthorn::sdk

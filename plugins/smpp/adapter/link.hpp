// Keeps one connection to the carrier: session after session, with a pause between two.
//
//     session ended                     next try after
//     connection lost, unbind           random(0, min(60 s, 1 s * 2^n)); n = 0 again after 60 s of
//                                       being bound
//     bind refused: name or password    300..360 s, and an error for a person, once
//     bind refused: already bound       30..60 s: the carrier still sees the old session
//
// A link that is called (outbind) waits for the carrier instead.
#pragma once

#include "sdk/backoff.hpp"
#include "smpp/adapter/session.hpp"

#include <memory>

namespace posthorn::smpp {

class link : public std::enable_shared_from_this<link> {
public:
    using changed_handler = std::function<void()>;
    enum class way : std::uint8_t { calls, is_called };

    // `changed`: up() or why() is another.
    link(account_state& account, std::string called, role as, way opens, changed_handler changed);

    // Ends after stop().
    boost::asio::awaitable<void> run();
    void submit(std::span<const sdk::unit> units);
    void stop();

    const std::string& called() const { return called_; } // "link 2", "receiver 1"
    bool up() const { return up_; }
    const std::string& why() const { return why_; }
    bool sends() const { return up_ && may_submit(role_); }
    unsigned room() const { return session_ ? session_->room() : 0; }
    session* bound_session() const { return up_ ? session_.get() : nullptr; }

private:
    void opened(bool open, const std::string& why);
    void listen();
    boost::asio::awaitable<void> next_session();
    sdk::duration pause_after(const session::ending& end);
    void tell(const session::ending& end, sdk::duration pause);

    account_state& account_;
    sdk::host& host_;
    const configuration& settings_;
    std::string called_;
    role role_;
    way way_;
    changed_handler changed_;
    std::shared_ptr<session> session_;
    sdk::backoff backoff_;
    boost::asio::steady_timer pause_;
    boost::asio::ip::tcp::acceptor acceptor_; // of a link that is called
    std::string why_ = "not connected yet";
    unsigned attempt_ = 0; // sessions that came to no bind; the next begins at another address
    bool up_ = false;
    bool stopping_ = false;
    bool alarmed_ = false; // a person was told that the bind is refused
};

} // namespace posthorn::smpp

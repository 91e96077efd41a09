// For a carrier that dials us, as often as it likes: every connection is a session, and while they
// live they are independent. The session begins in `greeting`; when it has heard who calls it says
// logged_in(). A maker that returns nothing turns the caller away.
#pragma once

#include "sdk/link/link.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace posthorn::sdk {

class listener : public std::enable_shared_from_this<listener> {
public:
    listener(link_account& account, listening_place where, session_maker make,
             std::function<void()> changed);

    // Ends after stop(), when all sessions have.
    boost::asio::awaitable<void> run();
    void stop();

    // "2 connections from the carrier"; why nobody can call.
    const std::string& why() const { return why_; }
    std::size_t sessions() const { return sessions_.size(); }

private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> hold(std::shared_ptr<session> s);
    void tell();

    sdk::host& host_;
    listening_place where_;
    session_maker make_;
    std::function<void()> changed_;
    std::vector<std::shared_ptr<session>> sessions_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_; // after a failure, and until the last session has ended
    std::string why_;
    bool alarmed_ = false; // a person was told that nobody can call
    bool stopping_ = false;
};

} // namespace posthorn::sdk

// Keeps one connection to the carrier: session after session, with a pause between two.
//
//     session ended            next try after
//     connection lost, unbind  random(0, min(60 s, 1 s * 2^n)); n = 0 again after 60 s of being
//     bound bind: name or password   300..360 s, and an error for a person, once bind: already
//     bound      30..60 s: the carrier still sees the old session
#pragma once

#include "sdk/adapter.hpp"
#include "sdk/backoff.hpp"
#include "smpp/adapter/session.hpp"

#include <memory>

namespace posthorn::smpp {

class link : public std::enable_shared_from_this<link> {
public:
    link(sdk::host& host, const configuration& settings, judge& answers,
         session::open_handler opened);

    // Ends after stop().
    boost::asio::awaitable<void> run();
    void submit(std::span<const sdk::unit> units);
    void stop();

private:
    sdk::duration pause_after(const session::ending& end);
    void tell(const session::ending& end, sdk::duration pause);

    sdk::host& host_;
    const configuration& settings_;
    judge& judge_;
    session::open_handler opened_;
    std::shared_ptr<session> session_;
    sdk::backoff backoff_;
    boost::asio::steady_timer pause_;
    unsigned attempt_ = 0; // sessions that came to no bind; the next begins at another address
    bool stopping_ = false;
    bool alarmed_ = false; // a person was told that the bind is refused
};

} // namespace posthorn::smpp

#include "sdk/link/link.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>
#include <utility>

namespace posthorn::sdk {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr duration shortest_wait = 1s, longest_wait = 60s, stable = 60s;
constexpr duration rested = 5s; // less: a carrier that closes at once

duration between(duration least, duration most, std::uint32_t random) {
    return least + duration{random % static_cast<std::uint64_t>((most - least).count() + 1)};
}

} // namespace

void listen_at(asio::ip::tcp::acceptor& acceptor, const listening_place& where) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(where.address, error);
    const asio::ip::tcp::endpoint here(address, where.port);
    if (!error)
        acceptor.open(here.protocol(), error);
    if (!error)
        acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error)
        acceptor.bind(here, error);
    if (!error)
        acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
        boost::system::error_code ignored;
        acceptor.close(ignored);
        throw std::runtime_error("cannot listen on " + where.option + " " + where.address +
                                 " port " + std::to_string(where.port) + ": " + error.message());
    }
}

link::link(link_account& account, manner how, std::function<void()> changed)
    : account_(account), host_(account.host), how_(std::move(how)), changed_(std::move(changed)),
      backoff_(shortest_wait, longest_wait), pause_(host_.executor()), acceptor_(host_.executor()) {
}

void link::opened(bool open, const std::string& why) {
    up_ = open;
    why_ = why;
    changed_();
}

// None when the link was stopped, or nobody could be heard.
asio::awaitable<void> link::next_session() {
    session::beginning begin;
    begin.opened = [this](bool open, const std::string& why) { opened(open, why); };
    begin.attempt = attempt_;
    begin.anew = idle_;
    if (!how_.is_called) {
        session_ = how_.make(std::move(begin));
        co_return;
    }
    if (!acceptor_.is_open())
        listen_at(acceptor_, *how_.is_called);
    opened(false, "waiting for the carrier to call");
    auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
    if (error || stopping_)
        co_return;
    begin.from_carrier = std::move(socket);
    session_ = how_.make(std::move(begin));
}

asio::awaitable<void> link::run() {
    const auto self = shared_from_this();
    opened(false, "connecting to " + account_.settings.place());
    while (!stopping_) {
        session::ending end;
        try {
            co_await next_session();
            if (session_)
                end = co_await session_->run();
            else
                end.why = "the carrier's connection could not be accepted";
        } catch (const std::exception& e) { // this link's own misfortune: the others go on
            end.why = e.what();
        }
        session_.reset();
        if (stopping_)
            break;
        idle_ = end.idle;
        const auto pause = pause_after(end);
        tell(end, pause);
        pause_.expires_after(pause);
        co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    host_.log(level::info, "closed host=" + account_.settings.place());
}

void link::submit(std::span<const unit> units) {
    if (session_)
        return session_->submit(units);
    std::vector<verdict> none;
    for (const auto& u : units)
        none.push_back(not_sent(u.handle, account_.words.not_in));
    host_.verdicts(none);
}

void link::stop() {
    stopping_ = true;
    pause_.cancel();
    boost::system::error_code ignored; // going anyway
    acceptor_.close(ignored);
    if (session_)
        session_->stop("stopped");
}

duration link::pause_after(const session::ending& end) {
    if (end.up_for > session::clock::duration{})
        alarmed_ = false;
    else
        ++attempt_;
    if (end.up_for >= stable || end.idle)
        backoff_.reset();
    if (end.refused == session::refusal::by_our_name)
        return between(300s, 360s, host_.random());
    if (end.refused == session::refusal::already_there)
        return between(30s, 60s, host_.random());
    if (end.idle && end.up_for >= rested)
        return {};
    return backoff_.next(host_.random());
}

void link::tell(const session::ending& end, duration pause) {
    const auto& words = account_.words;
    const auto place = account_.settings.place();
    const auto next = "; next try in " +
                      std::to_string(std::chrono::ceil<std::chrono::seconds>(pause).count()) + " s";
    opened(false, end.why + next);
    if (end.refused != session::refusal::by_our_name)
        return host_.log(end.idle ? level::debug : level::warn,
                         "down host=" + place + " " + called() + " why=\"" + end.why + "\"" + next);
    if (std::exchange(alarmed_, true))
        return host_.log(level::debug, "still refused code=" + end.code + next);
    host_.log(level::error, std::string(words.login) + " refused host=" + place + " " +
                                account_.user + " code=\"" + end.code + "\": check " +
                                std::string(words.check) +
                                " of this account with the carrier, then reload" + next);
}

} // namespace posthorn::sdk

#include "sdk/link/listener.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace posthorn::sdk {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_sessions = 64; // a carrier has a handful of nodes
constexpr auto retry_after = 5s;          // after a failure

} // namespace

listener::listener(link_account& account, listening_place where, session_maker make,
                   std::function<void()> changed)
    : host_(account.host), where_(std::move(where)), make_(std::move(make)),
      changed_(std::move(changed)), acceptor_(host_.executor()), pause_(host_.executor()) {}

asio::awaitable<void> listener::run() {
    const auto self = shared_from_this();
    while (!stopping_) {
        std::string trouble;
        try {
            co_await accept();
        } catch (const std::exception& e) {
            trouble = e.what();
        }
        if (stopping_)
            break;
        why_ = trouble;
        changed_();
        host_.log(std::exchange(alarmed_, true) ? level::debug : level::error,
                  trouble + ": receipts and texts cannot come; tried again every 5 s");
        pause_.expires_after(retry_after);
        co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    while (!sessions_.empty()) { // the last one wakes us
        pause_.expires_at(asio::steady_timer::time_point::max());
        co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

// Until it cannot.
asio::awaitable<void> listener::accept() {
    if (!acceptor_.is_open()) {
        listen_at(acceptor_, where_);
        alarmed_ = false;
        const auto port = std::to_string(acceptor_.local_endpoint().port());
        host_.log(level::info, "listening address=" + where_.address + " port=" + port);
        tell();
    }
    while (!stopping_) {
        auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
        if (stopping_)
            co_return;
        if (error)
            throw boost::system::system_error(error, "cannot accept a connection of the carrier");
        if (sessions_.size() >= most_sessions) {
            host_.log(level::warn, "too many connections from the carrier: one more is closed");
            continue;
        }
        session::beginning begin;
        begin.anew = true; // some carriers call for every report
        begin.opened = [this](bool, const std::string&) { tell(); };
        begin.from_carrier = std::move(socket);
        if (auto made = make_(std::move(begin))) {
            sessions_.push_back(made);
            asio::co_spawn(host_.executor(), hold(std::move(made)),
                           [](const std::exception_ptr&) {});
        }
    }
}

asio::awaitable<void> listener::hold(std::shared_ptr<session> s) {
    const auto self = shared_from_this();
    session::ending end;
    try {
        end = co_await s->run();
    } catch (const std::exception& e) { // this session's own misfortune: the others go on
        end.why = e.what();
    }
    host_.log(end.up_for > session::clock::duration{} ? level::debug : level::warn,
              "the carrier's connection ended why=\"" + end.why + "\"");
    std::erase(sessions_, s);
    if (stopping_)
        pause_.cancel();
    else
        tell();
}

void listener::tell() {
    why_ =
        std::to_string(sessions_.size()) +
        (sessions_.size() == 1 ? " connection from the carrier" : " connections from the carrier");
    changed_();
}

void listener::stop() {
    stopping_ = true;
    pause_.cancel();
    boost::system::error_code ignored; // going anyway
    acceptor_.close(ignored);
    const auto all = sessions_;
    for (const auto& s : all)
        s->stop("stopped");
}

} // namespace posthorn::sdk

#include "smpp/adapter/link.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace posthorn::smpp {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr sdk::duration first_pause = 1s, longest_pause = 60s, stable = 60s;

bool needs_a_person(status refused) {
    return refused == status::invalid_password || refused == status::invalid_system_id ||
           refused == status::invalid_system_type;
}

sdk::duration between(sdk::duration least, sdk::duration most, std::uint32_t random) {
    return least + sdk::duration{random % static_cast<std::uint64_t>((most - least).count() + 1)};
}

} // namespace

link::link(account_state& account, std::string called, role as, way opens, changed_handler changed)
    : account_(account), host_(account.host), settings_(account.settings),
      called_(std::move(called)), role_(as), way_(opens), changed_(std::move(changed)),
      backoff_(first_pause, longest_pause), pause_(host_.executor()), acceptor_(host_.executor()) {}

void link::opened(bool open, const std::string& why) {
    up_ = open;
    why_ = why;
    changed_();
}

// Throws std::runtime_error when the address cannot be had.
void link::listen() {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(settings_.outbind_address, error);
    const asio::ip::tcp::endpoint where(address, settings_.outbind_port);
    if (!error)
        acceptor_.open(where.protocol(), error);
    if (!error)
        acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error)
        acceptor_.bind(where, error);
    if (!error)
        acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        throw std::runtime_error("cannot listen on outbind_address " + settings_.outbind_address +
                                 " port " + std::to_string(settings_.outbind_port) + ": " +
                                 error.message());
    }
}

// None when the link was stopped, or nobody could be heard.
asio::awaitable<void> link::next_session() {
    const session::open_handler on_open = [this](bool open, const std::string& why) {
        opened(open, why);
    };
    if (way_ == way::calls) {
        session_ = std::make_shared<session>(account_, role_, on_open, attempt_);
        co_return;
    }
    if (!acceptor_.is_open())
        listen();
    opened(false, "waiting for the carrier's outbind");
    auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
    if (!error && !stopping_)
        session_ = std::make_shared<session>(account_, std::move(socket), on_open);
}

asio::awaitable<void> link::run() {
    const auto self = shared_from_this();
    opened(false, "connecting to " + settings_.place());
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
        const auto pause = pause_after(end);
        tell(end, pause);
        pause_.expires_after(pause);
        co_await pause_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    host_.log(sdk::level::info, "closed host=" + settings_.place());
}

void link::submit(std::span<const sdk::unit> units) {
    if (session_)
        return session_->submit(units);
    std::vector<sdk::verdict> none;
    for (const auto& u : units)
        none.push_back(judge::not_sent(u.handle, "not bound"));
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

sdk::duration link::pause_after(const session::ending& end) {
    if (end.bound_for > session::clock::duration{})
        alarmed_ = false;
    else
        ++attempt_;
    if (end.bound_for >= stable)
        backoff_.reset();
    if (needs_a_person(end.refused))
        return between(300s, 360s, host_.random());
    if (end.refused == status::already_bound)
        return between(30s, 60s, host_.random());
    return backoff_.next(host_.random());
}

void link::tell(const session::ending& end, sdk::duration pause) {
    const auto next = "; next try in " +
                      std::to_string(std::chrono::ceil<std::chrono::seconds>(pause).count()) + " s";
    opened(false, end.why + next);
    if (!needs_a_person(end.refused))
        return host_.log(sdk::level::warn, "down host=" + settings_.place() + " " + called_ +
                                               " why=\"" + end.why + "\"" + next);
    if (std::exchange(alarmed_, true))
        return host_.log(sdk::level::debug, "still refused code=" + code_word(end.refused) + next);
    host_.log(sdk::level::error,
              "bind refused host=" + settings_.place() + " system_id=" + settings_.system_id +
                  " code=\"" + code_word(end.refused) +
                  "\": check system_id, password and system_type of this account with the "
                  "carrier, then reload" +
                  next);
}

} // namespace posthorn::smpp

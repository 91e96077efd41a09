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

link::link(sdk::host& host, const configuration& settings, judge& answers,
           session::open_handler opened)
    : host_(host), settings_(settings), judge_(answers), opened_(std::move(opened)),
      backoff_(first_pause, longest_pause), pause_(host.executor()) {}

asio::awaitable<void> link::run() {
    const auto self = shared_from_this();
    opened_(false, "connecting to " + settings_.place());
    while (!stopping_) {
        session_ = std::make_shared<session>(host_, settings_, judge_, opened_, attempt_);
        const auto end = co_await session_->run();
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
    opened_(false, end.why + next);
    if (!needs_a_person(end.refused))
        return host_.log(sdk::level::warn,
                         "down host=" + settings_.place() + " why=\"" + end.why + "\"" + next);
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

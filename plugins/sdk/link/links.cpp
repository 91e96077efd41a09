#include "sdk/link/links.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace posthorn::sdk {

namespace asio = boost::asio;

void links::add_all(const session_maker& make) {
    for (unsigned n = 1; n <= account_.settings.links; ++n)
        add({.called = "link " + std::to_string(n), .make = make});
}

void links::add(link::manner how) {
    all_.push_back(std::make_shared<link>(account_, std::move(how), [this] { announce(); }));
}

void links::listen(listening_place where, session_maker make) {
    listener_ = std::make_shared<listener>(account_, std::move(where), std::move(make),
                                           [this] { announce(); });
}

asio::awaitable<void> links::run() {
    const auto executor = account_.host.executor();
    using keeping = decltype(asio::co_spawn(executor, all_[0]->run(), asio::deferred));
    std::vector<keeping> running;
    for (const auto& l : all_)
        running.push_back(asio::co_spawn(executor, l->run(), asio::deferred));
    if (listener_)
        running.push_back(asio::co_spawn(executor, listener_->run(), asio::deferred));
    auto group = asio::experimental::make_parallel_group(std::move(running));
    co_await group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
}

void links::stop() {
    for (const auto& l : all_)
        l->stop();
    if (listener_)
        listener_->stop();
}

session* links::sending() const {
    for (const auto& l : all_)
        if (l->sends())
            return l->open_session();
    return nullptr;
}

void links::cancel(const accepted_part& which, std::function<void(cancellation)> done) {
    if (auto* session = sending())
        return session->cancel(which, std::move(done));
    done({cancellation::kind::cannot, std::string(account_.words.not_in)});
}

void links::query(const accepted_part& which, std::function<void(inquiry)> done) {
    if (auto* session = sending())
        return session->query(which, std::move(done));
    done({inquiry::kind::cannot, {}, std::string(account_.words.not_in)});
}

void links::probe(std::function<void(finding)> done) {
    if (auto* session = sending())
        return session->probe(std::move(done));
    done({false, std::string(account_.words.not_in), {}});
}

// How many units may be open, and how each link fares where there are several.
void links::announce() {
    unsigned open = 0;
    std::size_t up = 0;
    for (const auto& l : all_) {
        open += l->sends() ? account_.settings.window : 0;
        up += l->up() ? 1U : 0U;
    }
    const auto heard = listener_ && !listener_->why().empty() ? "; " + listener_->why() : "";
    if (all_.size() == 1)
        return account_.host.slots(open, all_[0]->why() + heard);
    auto why = std::to_string(up) + " of " + std::to_string(all_.size()) + " links " +
               std::string(account_.words.in) + " to " + account_.settings.place();
    for (const auto& l : all_)
        if (!l->up())
            why += "; " + l->called() + ": " + l->why();
    account_.host.slots(open, why + heard);
}

link* links::roomiest() const {
    link* best = nullptr;
    for (const auto& l : all_)
        if (l->sends() && (!best || l->room() > best->room()))
            best = l.get();
    return best;
}

// In runs, as long as a link has room: the parts of a long text leave over the same one.
void links::submit(std::span<const unit> units) {
    while (!units.empty()) {
        auto* l = roomiest();
        const auto room = l ? l->room() : 0;
        const auto run = room == 0 ? units.size() : std::min<std::size_t>(room, units.size());
        (l ? l : all_[0].get())->submit(units.first(run)); // without room it says so itself
        units = units.subspan(run);
    }
}

} // namespace posthorn::sdk

// All links of an account: which one takes what, and how many units may be open.
//
//     class account final : public sdk::linked_adapter<account_state> {
//         account(sdk::host& host, const sdk::options& values) : linked_adapter(host, values) {
//             links_.add_all([this](auto how) { return std::make_shared<session>(state_, std::move(how)); });
//         }
//     };
#pragma once

#include "sdk/link/link.hpp"
#include "sdk/link/listener.hpp"

#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace posthorn::sdk {

class links {
public:
    explicit links(link_account& account) : account_(account) {}

    // settings.links of them, "link 1", "link 2" …
    void add_all(const session_maker& make);
    void add(link::manner how);
    // Connections of the carrier to us, beside the links. At most once.
    void listen(listening_place where, session_maker make);

    std::size_t size() const { return all_.size(); }

    // As of adapter.
    boost::asio::awaitable<void> run();
    void submit(std::span<const unit> units);
    void stop();
    void cancel(const accepted_part& which, std::function<void(cancellation)> done);
    void query(const accepted_part& which, std::function<void(inquiry)> done);
    void probe(std::function<void(finding)> done);

private:
    void announce();
    link* roomiest() const;
    session* sending() const;

    link_account& account_;
    std::vector<std::shared_ptr<link>> all_;
    std::shared_ptr<listener> listener_;
};

// An adapter whose links, all its own, do what is asked of it. Whoever derives from it adds them.
// State: what they share, made of host and options; its `links` is their link_account.
template <class State>
class linked_adapter : public adapter {
public:
    bool one_link() const override { return links_.size() == 1; }

    boost::asio::awaitable<void> run() override { return links_.run(); }
    void submit(std::span<const unit> units) override { links_.submit(units); }
    void stop() override { links_.stop(); }

    void cancel(const accepted_part& which, std::function<void(cancellation)> done) override {
        links_.cancel(which, std::move(done));
    }
    void query(const accepted_part& which, std::function<void(inquiry)> done) override {
        links_.query(which, std::move(done));
    }
    void probe(std::function<void(finding)> done) override { links_.probe(std::move(done)); }
    std::vector<std::pair<std::string, std::string>> learned() const override {
        return state_.links.watch.learned();
    }

protected:
    linked_adapter(sdk::host& host, const options& values)
        : state_(host, values), links_(state_.links) {}

    State state_;
    sdk::links links_;
};

} // namespace posthorn::sdk

// All links of an account: which one takes what, and how many units may be open.
//
//     class account final : public sdk::adapter {
//         asio::awaitable<void> run() override { return links_.run(); }
//         void submit(std::span<const sdk::unit> units) override { links_.submit(units); }
//         void stop() override { links_.stop(); }
//         void probe(std::function<void(sdk::finding)> done) override { links_.probe(std::move(done)); }
#pragma once

#include "sdk/link/link.hpp"
#include "sdk/link/listener.hpp"

#include <memory>
#include <vector>

namespace posthorn::sdk {

class links {
public:
    explicit links(const link_account& account) : account_(account) {}

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

    const link_account& account_;
    std::vector<std::shared_ptr<link>> all_;
    std::shared_ptr<listener> listener_;
};

} // namespace posthorn::sdk

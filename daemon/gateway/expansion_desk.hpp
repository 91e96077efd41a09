// Events for many at work: the expander, and what it needs of the house. On the loop's thread; reads
// on a thread of its own.
#pragma once

#include "delivery/desk.hpp"
#include "expansion/expander.hpp"
#include "runtime/task_group.hpp"
#include "store/audience.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <memory>

namespace posthorn::gateway {

struct expansion_needs {
    boost::asio::io_context& loop;
    delivery::desk& desk;
    std::filesystem::path live;
    std::function<instant()> now;
    std::function<void(sdk::level, std::string_view what)> log;
    std::function<bool()> stands_still;
    std::function<std::shared_ptr<const templates::event_type>(const std::string& name)> type_named;
    // A message of this event as the flow has it: its pool, priority, source and type.
    std::function<message(const event& of)> place_of;
    std::function<std::vector<name_id>(name_id pool)>
        pools_beside; // its messages may wait there, too
    // Why nothing of this event goes to this account; empty: it may.
    std::function<std::string(const event& of, const std::string& account)> spared;
    std::function<result<message>(const event& of, channel by, const std::string& recipient,
                                  const boost::json::object& data)>
        made;
};

class expansion_desk final : public expansion::surroundings {
public:
    explicit expansion_desk(expansion_needs needs);

    void start();
    boost::asio::awaitable<void> stop(); // what is in hand is finished, before the store stops
    void soon();                         // an event for many is being taken in
    const expansion::expander_figures& figures() const { return expander_.figures(); }

    // expansion::surroundings
    instant now() const override { return needs_.now(); }
    bool stands_still() const override { return stopping_ || needs_.stands_still(); }
    std::shared_ptr<const templates::event_type>
    type_named(const std::string& name) const override {
        return needs_.type_named(name);
    }
    hold held(const event& e) const override;
    boost::asio::awaitable<std::vector<store::open_expansion>>
    open_expansions(posthorn::id after, std::size_t most) override;
    boost::asio::awaitable<std::vector<store::some_recipients>>
    recipients(std::vector<store::rest_of_audience> rests, std::size_t limit) override;
    boost::asio::awaitable<std::vector<store::recipient>>
    told(const event& e, std::vector<std::string> types,
         std::vector<store::recipient> among) override;
    boost::asio::awaitable<bool> is_known(to_kind kind, std::string ref) override;
    boost::asio::awaitable<std::size_t> waiting(const event& e, std::size_t most) override;
    result<message> made(const event& of, channel by, const std::string& recipient,
                         const boost::json::object& data) override {
        return needs_.made(of, by, recipient, data);
    }
    std::string spared(const event& of, const std::string& account) const override {
        return needs_.spared(of, account);
    }
    std::string forbidden(const message& m) const override { return needs_.desk.forbidden(m); }
    boost::asio::awaitable<void> add(std::vector<store::add_recipient> messages,
                                     std::vector<store::advance_expansion> so_far) override;
    void log(expansion::level l, std::string_view what) override;

private:
    boost::asio::awaitable<void> run();

    expansion_needs needs_;
    boost::asio::thread_pool reads_{1};
    store::audience_reader reader_;
    expansion::expander expander_{*this};
    boost::asio::steady_timer tick_{needs_.loop};
    runtime::task_group tasks_;
    std::chrono::milliseconds nap_{1000};
    bool wanted_ = false; // an event was taken in since the round began
    bool stopping_ = false;
};

} // namespace posthorn::gateway

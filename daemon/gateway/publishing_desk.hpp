// Topics at work: publishing and its schedules in one object, and what they need of the house.
//
//   events that feed a topic ─┐
//   lookups on schedule ──────┴► publications ─► events of our own ─► desk
//
// On the loop's thread; reads on a thread of its own.
#pragma once

#include "api/surroundings.hpp"
#include "delivery/desk.hpp"
#include "gateway/configuration.hpp"
#include "publishing/publisher.hpp"
#include "publishing/scheduler.hpp"
#include "runtime/task_group.hpp"
#include "store/people.hpp"
#include "store/publications.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>

namespace posthorn::gateway {

struct publishing_needs {
    boost::asio::io_context& loop;
    store::store& store;
    delivery::desk& desk;
    std::filesystem::path live;
    std::function<instant()> now;
    std::function<void(sdk::level, std::string_view what)> log;
    std::function<bool()> stands_still;
    std::function<publishing::surroundings::hold(const std::string& source)> held;
    std::function<store::add_event(event)> prepared; // of our own, with its message or why not
    std::function<boost::asio::awaitable<lookups::answer>(std::string lookup,
                                                          boost::json::object parameters)>
        ask;
};

class publishing_desk final : public publishing::surroundings {
public:
    publishing_desk(const configuration& c, publishing_needs needs);

    void use(const configuration& c);
    // Of an event that a source sent, which has been prepared: its items go along with it. One that
    // is for a topic and cannot be published there is parked.
    void publish_along(store::add_event& e) const;

    void start();
    boost::asio::awaitable<void> stop(); // what is in hand is finished, before the store stops
    api::publishing_figures figures() const;

    // publishing::surroundings
    boost::asio::any_io_executor loop() override { return needs_.loop.get_executor(); }
    instant now() const override { return needs_.now(); }
    bool stands_still() const override { return stopping_ || needs_.stands_still(); }
    boost::asio::awaitable<std::vector<store::open_publication>>
    open_publications(posthorn::id after, std::size_t most) override;
    hold held(const std::string& source) const override { return needs_.held(source); }
    boost::asio::awaitable<std::vector<subscription>> subscribers(store::open_publication of,
                                                                  std::size_t limit) override;
    boost::asio::awaitable<std::vector<store::person>>
    persons(std::vector<std::string> numbers) override;
    boost::asio::awaitable<std::size_t> waiting(store::flow_name flow, std::size_t most) override;
    boost::asio::awaitable<std::vector<std::string>> parameters(std::string topic) override;
    boost::asio::awaitable<instant> occurrence(std::string topic) override;
    boost::asio::awaitable<lookups::answer> ask(std::string lookup,
                                                boost::json::object parameters) override;
    store::add_event prepared(event e) override { return needs_.prepared(std::move(e)); }
    boost::asio::awaitable<std::vector<store::outcome>>
    queue(std::vector<store::add_event> events) override;
    boost::asio::awaitable<std::vector<store::outcome>> commit(std::vector<store::op> ops) override;
    void log(publishing::level l, std::string_view what) override;

private:
    boost::asio::awaitable<void> run();

    publishing_needs needs_;
    boost::asio::thread_pool reads_{1};
    store::people_reader people_;
    store::publications_reader publications_;
    std::shared_ptr<const topics::directory> topics_;
    publishing::publisher publisher_{*this};
    publishing::scheduler scheduler_{*this};
    boost::asio::steady_timer tick_{needs_.loop};
    runtime::task_group tasks_;
    bool stopping_ = false;
};

} // namespace posthorn::gateway

// Timers at work: steps that events begin, and steps whose time has come. Nothing of it is kept in
// memory: what waits stands in the store.
//
//   event of a source ─► steps, committed with it          a step is due ─► an event of that source
//
// On the loop's thread; reads on a thread of its own.
#pragma once

#include "delivery/desk.hpp"
#include "gateway/configuration.hpp"
#include "runtime/task_group.hpp"
#include "store/timers.hpp"
#include "timers/maker.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace posthorn::gateway {

struct timer_needs {
    boost::asio::io_context& loop;
    delivery::desk& desk;
    std::filesystem::path live;
    std::function<instant()> now;
    std::function<void(sdk::level, std::string_view what)> log;
    std::function<bool()> stands_still;
    std::function<boost::asio::awaitable<std::vector<store::outcome>>(std::vector<store::op>)>
        committed; // returns when it is durable
    // An event of this source as intake would take it in: with its message, or parked.
    std::function<store::add_event(name_id source, event)> prepared;
};

class timer_desk {
public:
    timer_desk(const configuration& c, timer_needs needs);

    void use(const configuration& c);
    // Of an event that has been prepared: what it begins goes along with it. Of one without a subject,
    // or that is parked or stopped, nothing begins.
    void begin_along(store::add_event& e);

    void start();
    boost::asio::awaitable<void> stop(); // what is in hand is finished, before the store stops
    const std::string& trouble() const { return trouble_; } // why nothing is made; empty: it is
    instant due_since() const { return due_since_; } // the oldest that is due and not made; 0: none

private:
    bool is_stopped(const store::add_event& e) const;
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<void> round();
    boost::asio::awaitable<void> make(std::vector<store::timer_step> due);
    boost::asio::awaitable<void> forget_old();
    store::make_step making(const store::timer_step& s);
    const timers::timer* named(const std::string& name) const;

    timer_needs needs_;
    boost::asio::thread_pool reads_{1};
    store::timer_reader reader_;
    std::shared_ptr<const std::vector<timers::timer>> timers_;
    timers::maker maker_;
    boost::asio::steady_timer tick_{needs_.loop};
    runtime::task_group tasks_;
    std::string trouble_;
    instant due_since_{}, forgot_at_{};
    bool stopping_ = false;
};

} // namespace posthorn::gateway

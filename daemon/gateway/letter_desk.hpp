// Messages that quiet hours put off, of categories that say `messages: email`: where who is told has a
// mailbox, the same message goes there at once, and not to the phone.
//
//   put off ─► who is it for, and where? ─► its letter ─► the store makes it that, if nothing has begun
//
// On the loop's thread; reads on a thread of its own.
#pragma once

#include "delivery/desk.hpp"
#include "runtime/task_group.hpp"
#include "store/audience.hpp"
#include "store/people.hpp"
#include "store/reader.hpp"
#include "templates/event_type.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/json/object.hpp>

#include <functional>
#include <memory>
#include <set>

namespace posthorn::gateway {

struct letter_needs {
    boost::asio::io_context& loop;
    delivery::desk& desk;
    std::filesystem::path live, history;
    std::function<instant()> now;
    std::function<void(sdk::level, std::string_view what)> log;
    std::function<bool()> stands_still;
    std::function<std::shared_ptr<const templates::event_type>(const std::string& name)> type_named;
    std::function<result<message>(const event& of, channel by, const std::string& recipient,
                                  const boost::json::object& data)>
        made;
};

class letter_desk {
public:
    explicit letter_desk(letter_needs needs);

    void start();
    boost::asio::awaitable<void> stop(); // what is in hand is finished, before the store stops
    void soon();                         // one was put off
    void use();                          // the configuration has changed: what waits is tried again

private:
    boost::asio::awaitable<void> run();
    boost::asio::awaitable<bool> go_through();
    struct known; // of one that may go there
    boost::asio::awaitable<void> decide(std::vector<message> waiting);
    boost::asio::awaitable<std::vector<known>> look_up(std::vector<message> waiting);
    bool is_over(const message& waiting) const;
    store::recipient recipient_of(const store::whole_message& whole,
                                  const templates::event_type& type);
    result<message> letter_of(const store::whole_message& whole, const templates::event_type& type,
                              const store::recipient& who) const;
    boost::asio::awaitable<void> commit(std::vector<store::op> ops);

    letter_needs needs_;
    boost::asio::thread_pool reads_{1};
    store::reader messages_;
    store::people_reader people_;
    store::audience_reader audiences_;
    boost::asio::steady_timer tick_;
    runtime::task_group tasks_;
    std::set<posthorn::id> tried_; // they wait
    bool wanted_ = true;           // at start: what the last process left
    bool naps_ = false;            // for long: soon() wakes it
    bool stopping_ = false;
};

} // namespace posthorn::gateway

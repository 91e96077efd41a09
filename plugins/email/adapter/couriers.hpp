// Threads that bring letters to the mail server, each over a connection of its own that stays open for
// the next one.
//
// They are threads because libcurl waits inside for the answer to a letter's last dot, and to QUIT: on
// the loop a server that thinks for a minute would hold up everything else.
#pragma once

#include "email/adapter/configuration.hpp"
#include "email/adapter/conversation.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace posthorn::email {

class couriers {
public:
    using told = std::function<void(const conversation&, bool done, const std::string& failure)>;

    couriers(boost::asio::any_io_executor loop, const configuration& settings);
    ~couriers(); // does not wait long after close() has been heard of

    // `done` comes from the loop, exactly once.
    void send(std::string mail, std::string to, told done);
    // Says NOOP over a connection, a new one where there is none.
    void probe(told done);
    // What is under way is broken off as it stands. `ended`: all have been told, and nobody is at
    // work any more; from the loop.
    void close(std::function<void()> ended);

private:
    struct errand {
        std::string mail, to; // to: empty, a probe
        told done;
    };
    class connection;

    void take(errand e);
    void work();

    const boost::asio::any_io_executor loop_;
    const configuration& settings_;
    std::mutex mutex_;
    std::condition_variable came_;
    std::deque<errand> waiting_;     // under the mutex, as what follows
    std::function<void()> ended_;    // set: no more is begun
    std::size_t at_work_ = 0;        // threads
    std::atomic<bool> over_ = false; // break off
    std::vector<std::thread> threads_;
};

} // namespace posthorn::email

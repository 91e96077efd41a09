// Asks the query of a topic when its time has come, and publishes what it answers.
//
//   occurrence ─► the lookup, for each parameter somebody subscribed to ─► publications ─► noted
//
// A lookup that fails is asked again, less and less often, until the occurrence is older than the
// topic's `late`; then it is missed, and said so. Of those missed while the daemon was down the
// newest is made good when it is not too old. What was published before a crash is known by its
// name, so that asking again publishes nothing twice.
#pragma once

#include "publishing/schedule.hpp"
#include "publishing/surroundings.hpp"
#include "runtime/task_group.hpp"
#include "topics/directory.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace posthorn::publishing {

struct topic_clock { // of a topic with a query
    std::optional<instant> next;
    std::string failing; // why the occurrence that is due could not be asked; empty: none is due
};

class scheduler {
public:
    explicit scheduler(surroundings& around);

    // Schedules that are no schedules have been refused before.
    void use(std::shared_ptr<const topics::directory> topics, templates::zone zone);
    // Now and then: begins what is due.
    void pulse();
    boost::asio::awaitable<void> wait(); // until what was begun has ended

    std::map<std::string, topic_clock> clocks() const; // by topic
    std::int64_t asked() const { return asked_; }      // occurrences published since start
    std::int64_t missed() const { return missed_; }

private:
    struct entry {
        std::optional<schedule> at;
        std::optional<instant> through; // taken care of; nothing: not yet known
        instant retry_at{};
        duration wait{};
        std::string failing;
        bool busy = false;
    };

    boost::asio::awaitable<void> look_after(std::string topic);
    boost::asio::awaitable<void> begin(entry& e, const std::string& topic);
    boost::asio::awaitable<std::string> ask(const topics::topic& of, instant occurrence);
    boost::asio::awaitable<std::string> ask_for(const topics::topic& of, instant occurrence,
                                                std::string parameter);
    boost::asio::awaitable<void> note(entry& e, const std::string& topic, instant occurrence);
    void failed(entry& e, const topics::topic& of, std::string why);

    surroundings& around_;
    std::shared_ptr<const topics::directory> topics_;
    std::optional<templates::zone> zone_;
    std::map<std::string, entry> entries_; // never fewer: tasks hold them
    std::int64_t asked_ = 0, missed_ = 0;
    runtime::task_group tasks_;
};

} // namespace posthorn::publishing

// Makes the events of an item for all who have subscribed to its topic:
//
//   open publication ─► subscribers, some hundred at a time ─► events, how far it is ─► queue
//                                                              └── one commit ──┘
//
// Where it stopped it goes on, so that nobody is left out and nobody is sent an item twice; what was
// made again after a crash is known by its key. Each publication makes a chunk in turn, and none
// while thousands of messages wait before its own.
#pragma once

#include "publishing/surroundings.hpp"
#include "templates/zone.hpp"
#include "topics/directory.hpp"

#include <map>
#include <memory>
#include <string>

namespace posthorn::publishing {

struct publisher_figures {
    std::int64_t texts = 0; // made since start
    std::int64_t open = 0;  // publications under way
    instant oldest{};       // of those
    struct stuck_item {
        std::string topic, item, why;
    };
    std::vector<stuck_item> stuck; // they go on when it is mended
};

class publisher {
public:
    explicit publisher(surroundings& around) : around_(around) {}

    void use(std::shared_ptr<const topics::directory> topics, templates::zone zone);
    // Until nothing can be done now: called again and again, never twice at once.
    boost::asio::awaitable<void> round();
    publisher_figures figures() const;

private:
    struct chunk; // of one publication
    boost::asio::awaitable<bool> each_open();
    boost::asio::awaitable<bool> step(store::open_publication& p);
    boost::asio::awaitable<bool> make(store::open_publication& p, chunk& c);
    boost::asio::awaitable<void> end(store::open_publication& p, std::string_view why);
    event event_for(const store::open_publication& p, const chunk& c, const subscription& s,
                    const store::person& who) const;
    void add_events(const store::open_publication& p, chunk& c,
                    const std::vector<store::person>& persons) const;
    void is_stuck(const store::open_publication& p, const std::string& why,
                  std::string_view when); // it goes on

    surroundings& around_;
    std::shared_ptr<const topics::directory> topics_;
    std::optional<templates::zone> zone_;
    std::map<posthorn::id, publisher_figures::stuck_item> stuck_;
    std::int64_t texts_ = 0, open_ = 0;
    instant oldest_{};
};

} // namespace posthorn::publishing

// Makes the messages of events for many:
//
//   open expansion ─► recipients, some hundred at a time ─► messages, how far it is ─► desk
//                                                           └──── one commit ────┘
//
// Where it stopped it goes on, so that nobody is left out and nobody is told twice. Each event makes
// a chunk in turn, and none while thousands of messages wait before its own.
#pragma once

#include "expansion/surroundings.hpp"

#include <map>
#include <string>

namespace posthorn::expansion {

struct expander_figures {
    std::int64_t texts = 0;                    // made since start
    std::int64_t open = 0;                     // events under way
    instant oldest{};                          // of those
    std::map<posthorn::id, std::string> stuck; // events, and why; they go on when it is mended
};

class expander {
public:
    explicit expander(surroundings& around) : around_(around) {}

    // Until nothing can be done now: called again and again, never twice at once.
    boost::asio::awaitable<void> round();
    const expander_figures& figures() const { return figures_; }

private:
    struct chunk; // of one event
    boost::asio::awaitable<bool> each_open();
    boost::asio::awaitable<bool> step(store::open_expansion& e);
    boost::asio::awaitable<void> make(store::open_expansion& e, chunk& c);
    boost::asio::awaitable<void> end(const store::open_expansion& e, std::string why);
    static std::optional<channel> channel_for(const chunk& c, const store::recipient& who);
    void spare(const event& e, store::add_recipient& one, const store::recipient& who);
    void heed_consent(store::add_recipient& one, const store::recipient& who);
    result<message> text_for(const event& e, chunk& c, const store::recipient& who);
    store::add_recipient message_for(const event& e, chunk& c, const store::recipient& who);
    void is_stuck(const event& e, const std::string& why);

    surroundings& around_;
    expander_figures figures_;
};

} // namespace posthorn::expansion

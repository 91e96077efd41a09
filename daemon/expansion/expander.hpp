// Makes the messages of events for many:
//
//   open expansion ─► recipients, some hundred at a time ─► messages, how far it is ─► desk
//                                                           └──── one commit ────┘
//
// Where it stopped it goes on, so that nobody is left out and nobody is told twice. Each event makes
// a chunk in turn, and none while thousands of messages wait before its own. Events for a few each, as
// a bill run for accounts is, share reads and commits.
#pragma once

#include "expansion/surroundings.hpp"

#include <map>
#include <string>

namespace posthorn::expansion {

struct expander_figures {
    std::int64_t texts = 0;                    // made since start
    std::int64_t open = 0;                     // events under way
    instant oldest{};                          // of those
    bool waits_for_room = false;               // there are more to be made once others have left
    std::map<posthorn::id, std::string> stuck; // events, and why; they go on when it is mended
};

class expander {
public:
    explicit expander(surroundings& around) : around_(around) {}

    // Until nothing can be done now: called again and again, never twice at once.
    boost::asio::awaitable<void> round();
    const expander_figures& figures() const { return figures_; }

private:
    struct chunk;    // of one event
    struct finished; // of some, not committed yet
    // Messages that wait, with what is being made: by source and type.
    using ahead = std::map<std::pair<std::string, std::string>, std::size_t>;

    boost::asio::awaitable<bool> each_open();
    boost::asio::awaitable<bool> step(std::vector<store::open_expansion>& open);
    bool is_over(const store::open_expansion& e, const surroundings::hold& hold,
                 finished& out) const;
    boost::asio::awaitable<bool> may_make(const surroundings::hold& hold, chunk& c, ahead& waiting);
    bool has_room(const chunk& c);
    boost::asio::awaitable<void> make(std::vector<chunk> chunks, finished& out);
    boost::asio::awaitable<void> make(chunk& c, store::some_recipients found, finished& out);
    boost::asio::awaitable<void> commit(finished& out);
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

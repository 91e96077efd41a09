// What expansion may ask of the house. On the loop's thread; reads throw store::read_failed.
#pragma once

#include "model/message.hpp"
#include "model/refusal.hpp"
#include "store/audience.hpp"
#include "store/ops.hpp"
#include "templates/event_type.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace posthorn::expansion {

enum class level : std::uint8_t { info, warn, error };

class surroundings {
public:
    virtual instant now() const = 0;
    // The clock is not believed, the disk is full, or the house is closing: begin nothing.
    virtual bool stands_still() const = 0;
    // Null when it is not configured any more; it outlives the next reload.
    virtual std::shared_ptr<const templates::event_type>
    type_named(const std::string& name) const = 0;
    // Why nothing of this event may leave now, and whether it never will; empty: it may.
    struct hold {
        std::string why;
        bool stopped = false;
    };
    virtual hold held(const event& e) const = 0;

    // Of those after this one, the oldest first; at most `most`.
    virtual boost::asio::awaitable<std::vector<store::open_expansion>>
    open_expansions(posthorn::id after, std::size_t most) = 0;
    // As store::audience_reader has it.
    virtual boost::asio::awaitable<std::vector<store::some_recipients>>
    recipients(std::vector<store::rest_of_audience> rests, std::size_t limit) = 0;
    // Of these, who was told of the event's subject with one of these types.
    virtual boost::asio::awaitable<std::vector<store::recipient>>
    told(const event& e, std::vector<std::string> types, std::vector<store::recipient> among) = 0;
    virtual boost::asio::awaitable<bool> is_known(to_kind kind, std::string ref) = 0;
    // Messages that wait before those of this event; at most `most` are counted.
    virtual boost::asio::awaitable<std::size_t> waiting(const event& e, std::size_t most) = 0;

    // The message of an event for one number or address, or why there can be none.
    virtual result<message> made(const event& of, channel by, const std::string& recipient,
                                 const boost::json::object& data) = 0;
    // Why nothing of this event goes to this account; empty: it may.
    virtual std::string spared(const event& of, const std::string& account) const = 0;
    // Why consent forbids that this message leaves; empty: it may.
    virtual std::string forbidden(const message& m) const = 0;
    // Commits the messages, and how far their events have come.
    virtual boost::asio::awaitable<void> add(std::vector<store::add_recipient> messages,
                                             std::vector<store::advance_expansion> so_far) = 0;
    virtual void log(level l, std::string_view what) = 0;

protected:
    ~surroundings() = default;
};

} // namespace posthorn::expansion
